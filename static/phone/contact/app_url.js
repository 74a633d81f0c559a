/* Links that open the app which sends a message. Pure. */

/* WhatsApp's "click to chat", RFC 5724 for SMS; null without a number. */
export function appUrl(channel, phone, text) {
  if (!phone || !["whatsapp", "sms"].includes(channel)) return null;
  const said = encodeURIComponent(text);
  return channel === "sms" ? `sms:${phone}?body=${said}` : `https://wa.me/${phone.replace(/^\+/, "")}?text=${said}`;
}
