// What the scripts that "p2pctl completion" prints ask p2pctl at each press of Tab:
//
//   p2pctl __complete words WORD...      the words behind "p2pctl", unquoted
//   p2pctl __complete bash LINE BREAKS   bash's line up to the cursor, and COMP_WORDBREAKS
//
// The first line of the answer is "paths" where a path is to stand, else "words"; the others are a
// word each: with a tab and its help, or, for bash, quoted, and without what bash leaves standing.
// Thread: any. Errors: none; what cannot be completed is not.
#pragma once

#include <string>
#include <vector>

namespace p2pd::ctl {

constexpr const char* completing = "__complete"; // no command of the table, so none of help either

std::string complete_for_shell(const std::vector<std::string>& arguments); // behind `completing`

} // namespace p2pd::ctl
