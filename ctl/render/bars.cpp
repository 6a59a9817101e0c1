#include "ctl/render/bars.hpp"

#include "ctl/render/text.hpp"

#include <algorithm>
#include <array>

namespace p2pd::ctl {

std::string repeated(std::string_view piece, std::size_t times) {
  std::string text;
  while (times-- > 0) text += piece;
  return text;
}

std::string bar(double share, std::size_t columns, const Style& style) {
  constexpr std::array<std::string_view, 8> eighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double length = std::clamp(share, 0.0, 1.0) * static_cast<double>(columns);
  const auto whole = static_cast<std::size_t>(length);
  std::string text = repeated(style.utf8 ? "█" : "#", whole);
  if (style.utf8)
    text += eighths[static_cast<std::size_t>((length - static_cast<double>(whole)) * 8)];
  if (text.empty() && share > 0) text = style.utf8 ? eighths[1] : "#";
  return text;
}

std::string gauge(double share, std::size_t columns, Tint tint, const Style& style) {
  const std::string full = bar(share, columns, style);
  return tinted(full, tint, style) +
         tinted(repeated(style.utf8 ? "░" : ".", columns - width_of(full)), Tint::faint, style);
}

} // namespace p2pd::ctl
