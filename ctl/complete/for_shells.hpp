// The queries of the scripts of "p2pctl completion" at each press of Tab:
//
//   p2pctl __complete words WORD...      the words after "p2pctl", unquoted
//   p2pctl __complete bash LINE BREAKS   bash's line up to the cursor, and COMP_WORDBREAKS
//
// The first line of the answer is "paths" if a path is expected, else "words"; the others are one
// word each: with a tab and its help or, for bash, quoted and without the part that bash keeps.
// Thread: any. Errors: none; there are just no completions.
#pragma once

#include <string>
#include <vector>

namespace p2pd::ctl {

constexpr const char* completing = "__complete"; // not in the command table, so not in help

std::string complete_for_shell(const std::vector<std::string>& arguments); // behind `completing`

} // namespace p2pd::ctl
