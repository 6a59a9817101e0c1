#include "proto/safe_text.hpp"

#include "proto/bytes.hpp"

#include <cstdio>

namespace p2pd::proto {

namespace {

bool is_control(char32_t point) {
  return point < 0x20 || (point >= 0x7f && point < 0xa0);
}

// Line separators; bidirectional marks, overrides and isolates; and invisible characters that would
// make two names look alike: soft hyphen, zero-width space, byte order mark, tags.
bool is_misleading(char32_t point) {
  return point == 0xad || point == 0x61c || point == 0x180e || point == 0x200b || point == 0x200e ||
         point == 0x200f || (point >= 0x2028 && point <= 0x202e) ||
         (point >= 0x2060 && point <= 0x206f) || point == 0xfeff ||
         (point >= 0xfff9 && point <= 0xfffb) || (point >= 0xe0000 && point <= 0xe007f);
}

std::string escaped(char32_t point) {
  if (point == '\n') return "\\n";
  if (point == '\t') return "\\t";
  char text[16];
  std::snprintf(text, sizeof text, point < 0x100 ? "\\x%02x" : "\\u%04x",
                static_cast<unsigned>(point));
  return text;
}

} // namespace

char32_t take_code_point(std::string_view& utf8) {
  const auto lead = static_cast<unsigned char>(utf8.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  char32_t point = length == 1 ? lead : lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i)
    point = point << 6 | (static_cast<unsigned char>(utf8[i]) & 0x3fU);
  utf8.remove_prefix(length);
  return point;
}

std::string safe(std::string_view bytes) {
  const std::string utf8 = printable(bytes);
  std::string out;
  out.reserve(utf8.size());
  for (std::string_view rest = utf8; !rest.empty();) {
    const std::string_view before = rest;
    const char32_t point = take_code_point(rest);
    if (is_control(point) || is_misleading(point))
      out += escaped(point);
    else
      out += before.substr(0, before.size() - rest.size());
  }
  return out;
}

} // namespace p2pd::proto
