"""What happens at CloudFront's edges once the page is found: the browser is told what else it will ask for."""

from fairline.domain.onsale import NAME

HINT = f"""
var name = /^{NAME.pattern}$/;

function isPage(response) {{
  var kind = response.headers["content-type"];
  return kind !== undefined && kind.value.startsWith("text/html");
}}

function handler(event) {{
  var query = event.request.querystring, response = event.response;
  var onsale = query.onsale ? query.onsale.value : "";
  if (isPage(response) && !query.preview && name.test(onsale)) {{
    response.headers["link"] = {{ value: "</v1/onsales/" + onsale + ">; rel=preload; as=fetch; crossorigin" }};
  }}
  return response;
}}
""".strip()
"""`stacks.pages.ahead` over again; a test holds both to the same table."""
