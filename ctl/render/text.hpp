// Text from other people's machines, made fit for a terminal. A name may hold any byte, so an
// escape sequence in it must never be obeyed, nor a tab or line feed in it break a line in two.
// Thread: any; pure, but width_of sets LC_CTYPE once, for wcwidth().
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace p2pd::ctl {

// The bytes as UTF-8: what is ill-formed becomes U+FFFD; control characters, those that turn the
// direction of writing and those that nobody sees become \n, \t, \x1b or \u202e.
std::string safe(std::string_view bytes);

// Columns that safe text takes on a terminal: wide characters count two, combining ones none.
std::size_t width_of(std::string_view text);

// At most `columns` wide; where it is longer, the mark of one column stands for its end, or for its
// beginning.
std::string cut(std::string_view text, std::size_t columns, std::string_view mark = "~");
std::string cut_front(std::string_view text, std::size_t columns, std::string_view mark = "~");

// Filled up with blanks to `columns`.
std::string padded_right(std::string_view text, std::size_t columns);
std::string padded_left(std::string_view text, std::size_t columns);

// Of safe text, a "?" for each column of what is not ASCII: a terminal without UTF-8 may take the
// bytes of a letter for control characters.
std::string ascii(std::string_view text);

// Words in lines of at most `columns`, 0 for one line; all but the first begin with `indent`
// blanks, which stand before the first already. A word that is longer than a line stays whole.
std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent);

} // namespace p2pd::ctl
