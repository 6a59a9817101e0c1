// A list of strings as one string, without loss: each is a line that ends with a line feed; within
// it "\n" stands for a line feed and "\\" for a backslash. Thread: any; pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace p2pd::state {

std::string joined_lines(const std::vector<std::string>& list);
std::vector<std::string> split_lines(std::string_view lines);

} // namespace p2pd::state
