// Makes text from other machines safe for terminals and logs. A name may contain any byte, so
// escape sequences in it must not be interpreted, and tabs or line feeds must not break a line.
// Thread: any; pure.
#pragma once

#include <string>
#include <string_view>

namespace p2pd::proto {

// The bytes as UTF-8: ill-formed sequences become U+FFFD; control, bidirectional and invisible
// characters become \n, \t, \x1b or \u202e.
std::string safe(std::string_view bytes);

// Removes and returns the first code point of well-formed UTF-8.
char32_t take_code_point(std::string_view& utf8);

} // namespace p2pd::proto
