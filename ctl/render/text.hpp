// Text on a terminal: how wide it is, and how it is cut, filled up and broken into lines. What
// comes from other people's machines is made safe() before.
// Thread: any; pure, but width_of sets LC_CTYPE once, for wcwidth().
#pragma once

#include "proto/safe_text.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace p2pd::ctl {

using proto::safe;

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
