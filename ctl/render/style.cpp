#include "ctl/render/style.hpp"

#include "ctl/base/environment.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace p2pd::ctl {

namespace {

// The variables themselves, in the order in which they count: setlocale() would read the locale
// database for the same answer.
bool utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (const std::string_view locale = environment(name); !locale.empty())
      return locale.find("UTF-8") != std::string_view::npos ||
             locale.find("utf8") != std::string_view::npos;
  return false;
}

std::string_view escape_of(Tint tint) {
  switch (tint) {
  case Tint::heading:
    return "\x1b[1m";
  case Tint::good:
    return "\x1b[32m";
  case Tint::busy:
    return "\x1b[36m";
  case Tint::bad:
    return "\x1b[31m";
  case Tint::faint:
    return "\x1b[2m";
  case Tint::none:
    break;
  }
  return "";
}

} // namespace

Style style_of(int descriptor, bool colour_allowed) {
  Style style;
  style.terminal = ::isatty(descriptor) == 1;
  const std::string_view kind = environment("TERM");
  style.escapes = style.terminal && !kind.empty() && kind != "dumb";
  style.colour = style.escapes && colour_allowed && environment("NO_COLOR").empty();
  style.utf8 = utf8_locale();
  winsize size{};
  if (style.terminal && ::ioctl(descriptor, TIOCGWINSZ, &size) == 0) style.columns = size.ws_col;
  return style;
}

std::string tinted(std::string_view text, Tint tint, const Style& style) {
  if (!style.colour || tint == Tint::none || text.empty()) return std::string(text);
  return std::string(escape_of(tint)).append(text).append("\x1b[0m");
}

std::string_view ellipsis(const Style& style) {
  return style.utf8 ? "…" : "~";
}

} // namespace p2pd::ctl
