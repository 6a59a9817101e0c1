// How text is to be drawn on one stream: on a terminal or piped, with or without colour.
// Thread: any; values only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace p2pd::ctl {

enum class Tint : std::uint8_t { none, heading, good, busy, bad, faint };

struct Style {
  bool terminal = false; // aligned, shortened and in people's units; else plain and tab-separated
  bool escapes = false;  // the terminal obeys escape sequences
  bool colour = false;
  bool utf8 = false;       // the terminal shows more than ASCII
  std::size_t columns = 0; // of the terminal; 0: as many as it takes

  Style unbounded() const {
    Style style = *this;
    style.columns = 0;
    return style;
  }
};

// The style of a stream. No escape sequences with TERM=dumb or without TERM; colour is one of them,
// and never used with NO_COLOR or when it is not allowed.
Style style_of(int descriptor, bool colour_allowed);

std::string tinted(std::string_view text, Tint tint, const Style& style);

// What stands where something was cut off; one column.
std::string_view ellipsis(const Style& style);

} // namespace p2pd::ctl
