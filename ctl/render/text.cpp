#include "ctl/render/text.hpp"

#include <algorithm>
#include <clocale>
#include <cwchar>

namespace p2pd::ctl {

namespace {

using proto::take_code_point;

std::size_t columns_of(char32_t point) {
  if (point < 0x80) return 1;
  // C.UTF-8 is part of the C library's own package; where it is missing all count one.
  static const bool has_locale = std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr;
  const int columns = has_locale ? ::wcwidth(static_cast<wchar_t>(point)) : 1;
  return columns < 0 ? 1 : static_cast<std::size_t>(columns);
}

} // namespace

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
