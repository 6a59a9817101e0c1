// Text from other people's machines, made fit for a terminal. A name may hold any byte, so an
// escape sequence in it must never be obeyed, nor a tab or line feed in it break a line in two.
// Thread: any; pure, but width_of sets LC_CTYPE once, for wcwidth().
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace p2pd::ctl {

// The bytes as UTF-8: what is ill-formed becomes U+FFFD; control characters and those that turn the
// direction of writing become \n, \t, \x1b or \u202e.
std::string safe(std::string_view bytes);

// Columns that safe text takes on a terminal: wide characters count two, combining ones none.
std::size_t width_of(std::string_view text);

// At most `columns` wide, the end cut off and marked with "~" where it is longer.
std::string cut(std::string_view text, std::size_t columns);

// Filled up with blanks to `columns`.
std::string padded_right(std::string_view text, std::size_t columns);
std::string padded_left(std::string_view text, std::size_t columns);

} // namespace p2pd::ctl
