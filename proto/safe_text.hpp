// Text from other people's machines, made fit for a terminal and for a log. A name may hold any
// byte, so an escape sequence in it must never be obeyed, nor a tab or line feed in it break a line
// in two.
// Thread: any; pure.
#pragma once

#include <string>
#include <string_view>

namespace p2pd::proto {

// The bytes as UTF-8: what is ill-formed becomes U+FFFD; control characters, those that turn the
// direction of writing and those that nobody sees become \n, \t, \x1b or \u202e.
std::string safe(std::string_view bytes);

// The code point at the start of well-formed UTF-8, which is taken off.
char32_t take_code_point(std::string_view& utf8);

} // namespace p2pd::proto
