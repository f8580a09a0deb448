/** Numbers, times and names of things as operators read them, in the zone of this device. */

const LOCALE = "en-GB";
const WHOLE = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const SHARE = new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 1 });
const MINUTE = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit" });
const SECOND = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat(LOCALE, { weekday: "short", day: "numeric", month: "short" });
const FULL = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });

export const NOTHING = "–";
export const PHASES = { scheduled: "Scheduled", lobby: "Lobby", on_sale: "On sale", paused: "Paused", closed: "Closed" };
export const FIELDS = {
  onsale: "Id",
  name: "Name",
  lobby_opens_at: "Lobby opens",
  sale_starts_at: "Sale starts",
  closes_at: "Closes",
  rate_per_minute: "Rate a minute",
  max_active: "Cap of active sessions",
  session_seconds: "Session in seconds",
  rejoin: "May rejoin",
  paused: "Paused",
  pause_reason: "Reason of the pause",
  closed: "Closed",
  notice: "Notice",
};
export const BRANDING = { organiser: "Organiser", accent: "Colour", text: "Words", link: "Link", link_text: "Words of the link", picture: "Picture", picture_alt: "What is on the picture" };

export const number = (value) => (value === null || value === undefined ? NOTHING : WHOLE.format(value));
export const share = (value) => (value === null ? NOTHING : SHARE.format(value));
export const minute = (ms) => MINUTE.format(ms);
export const second = (ms) => SECOND.format(ms);
export const full = (ms) => FULL.format(ms);
export const plural = (many, one, more) => `${number(many)} ${many === 1 ? one : more}`;

/** The name of the zone that all times are in. */
export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A time of day, with its day if that is another one than `now`'s. */
export function moment(ms, now) {
  return DAY.format(ms) === DAY.format(now) ? minute(ms) : `${DAY.format(ms)}, ${minute(ms)}`;
}

/** How long: `45 s`, `12 min`, `2 h 5 min`, `3 d 4 h`. */
export function duration(seconds) {
  if (seconds === null) return NOTHING;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return parts(minutes, 60, "h", "min");
  return parts(Math.round(minutes / 60), 24, "d", "h");
}

function parts(total, of, large, small) {
  const rest = total % of;
  return `${number(Math.floor(total / of))} ${large}${rest ? ` ${rest} ${small}` : ""}`;
}

/** A range of seconds: `12 to 18 min`. */
export function range({ low, high }) {
  const [from, to] = [duration(low), duration(high)];
  if (from === to) return from;
  const [fewest, most] = [from, to].map((text) => text.split(" "));
  return fewest.length === 2 && most.length === 2 && fewest[1] === most[1] ? `${fewest[0]} to ${to}` : `${from} to ${to}`;
}

/** A value of a field, as it stands in the trail. */
export function value(field, told) {
  if (told === null || told === undefined || told === "") return "nothing";
  if (field.endsWith("_at")) return full(Date.parse(told));
  if (typeof told === "boolean") return told ? "yes" : "no";
  if (typeof told === "number") return number(told);
  return String(told);
}
