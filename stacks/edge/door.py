"""What happens at CloudFront's edges before the site is asked: which language, and where a form without script goes."""

import json

from fairline.domain.onsale import NAME
from fairline.languages import LANGUAGES
from stacks.edge.console import PATH

DOOR = f"""
var languages = {json.dumps(list(LANGUAGES))};
var name = /^{NAME.pattern}$/;

function valueOf(field) {{
  return field ? field.value : "";
}}

function liking(part) {{
  var halves = part.trim().toLowerCase().split(";");
  var quality = (halves[1] || "").split("=")[1];
  return {{ language: halves[0].split("-")[0], quality: quality ? Number(quality) || 0 : 1 }};
}}

function chosen(accepted, asked) {{
  if (languages.includes(asked)) return asked;
  var best = {{ language: languages[0], quality: 0 }};
  accepted.split(",").map(liking).forEach(function (one) {{
    if (languages.includes(one.language) && one.quality > best.quality) best = one;
  }});
  return best.language;
}}

function answer(status, headers) {{
  return {{ statusCode: status, headers: headers }};
}}

function sent(request) {{
  var query = request.querystring, onsale = valueOf(query.onsale), asked = valueOf(query.lang);
  if (request.method !== "POST" || request.uri !== "/") return answer(405, {{ allow: {{ value: "GET, HEAD" }} }});
  if (!name.test(onsale)) return answer(400, {{}});
  var language = languages.includes(asked) ? "?lang=" + asked : "";
  return answer(303, {{ location: {{ value: "/v1/onsales/" + onsale + "/place" + language }} }});
}}

function handler(event) {{
  var request = event.request;
  if (request.method !== "GET" && request.method !== "HEAD") return sent(request);
  if (request.uri === "/" || request.uri === "/index.html") {{
    var accepted = valueOf(request.headers["accept-language"]);
    request.uri = "/" + chosen(accepted, valueOf(request.querystring.lang)) + "/index.html";
  }}
  if (request.uri === "{PATH}" || request.uri === "{PATH}/") request.uri = "{PATH}/index.html";
  return request;
}}
""".strip()
"""Before the cache is asked, so that it keeps one page a language, whatever browsers say of themselves.

A bucket knows no folder's page either: whoever asks for the console by its name is given it. The choice is
`fairline.languages.chosen` over again; a test holds both, and the room, to the same table.
"""
