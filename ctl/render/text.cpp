#include "ctl/render/text.hpp"

#include "proto/bytes.hpp"

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cwchar>

namespace p2pd::ctl {

namespace {

// The code point at the start of well-formed UTF-8, which is taken off.
char32_t take_code_point(std::string_view& utf8) {
  const auto lead = static_cast<unsigned char>(utf8.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  char32_t point = length == 1 ? lead : lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i)
    point = point << 6 | (static_cast<unsigned char>(utf8[i]) & 0x3fU);
  utf8.remove_prefix(length);
  return point;
}

bool is_control(char32_t point) {
  return point < 0x20 || (point >= 0x7f && point < 0xa0);
}

// Line separators; marks, overrides and isolates of direction; and what takes no room and joins
// nothing, so that two names would look alike: soft hyphen, zero-width blank, byte order mark,
// tags.
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

std::size_t columns_of(char32_t point) {
  if (point < 0x80) return 1;
  // C.UTF-8 is part of the C library's own package; where it is missing all count one.
  static const bool has_locale = std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr;
  const int columns = has_locale ? ::wcwidth(static_cast<wchar_t>(point)) : 1;
  return columns < 0 ? 1 : static_cast<std::size_t>(columns);
}

} // namespace

std::string safe(std::string_view bytes) {
  const std::string utf8 = proto::printable(bytes);
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

std::size_t width_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) columns += columns_of(take_code_point(text));
  return columns;
}

std::string cut(std::string_view text, std::size_t columns, std::string_view mark) {
  if (width_of(text) <= columns) return std::string(text);
  if (columns == 0) return "";
  std::size_t used = 0;
  std::string_view rest = text;
  while (true) {
    std::string_view after = rest;
    const std::size_t next = columns_of(take_code_point(after));
    if (used + next > columns - 1) break; // the last column is the mark's
    used += next;
    rest = after;
  }
  return std::string(text.substr(0, text.size() - rest.size())).append(mark);
}

std::string cut_front(std::string_view text, std::size_t columns, std::string_view mark) {
  std::size_t width = width_of(text);
  if (width <= columns) return std::string(text);
  if (columns == 0) return "";
  while (width > columns - 1) width -= columns_of(take_code_point(text));
  return std::string(mark).append(text);
}

std::string padded_right(std::string_view text, std::size_t columns) {
  const std::size_t width = width_of(text);
  return std::string(text) + std::string(width < columns ? columns - width : 0, ' ');
}

std::string padded_left(std::string_view text, std::size_t columns) {
  const std::size_t width = width_of(text);
  return std::string(width < columns ? columns - width : 0, ' ').append(text);
}

std::string ascii(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const char first = text.front();
    const char32_t point = take_code_point(text);
    if (point < 0x80)
      out += first;
    else
      out.append(columns_of(point), '?');
  }
  return out;
}

std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent) {
  std::string out;
  std::size_t used = indent; // of the line
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (!out.empty() && columns > 0 && used + 1 + width_of(word) > columns) {
      out += '\n' + std::string(indent, ' ');
      used = indent;
    } else if (!out.empty()) {
      out += ' ';
      ++used;
    }
    out += word;
    used += width_of(word);
  }
  return out;
}

} // namespace p2pd::ctl
