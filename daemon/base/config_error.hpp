// All that is wrong with a config, each with its place and its remedy.
// Thread: any; values only.
#pragma once

#include <compare>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace p2pd::base {

// A place in the file, both counted from 1, columns in bytes; line 0 = the file as a whole.
struct Where {
  unsigned line = 0;
  unsigned column = 0;

  auto operator<=>(const Where&) const = default;
};

struct Problem {
  Where where;
  std::string message; // "what is wrong: what would be right"
};

class ConfigError : public std::runtime_error {
 public:
  // `source` is the file's text, from which the offending lines are shown; "" when it was not read.
  ConfigError(const std::string& file, std::string_view source, std::vector<Problem> problems);

  // what() holds one line for each problem, in the order of the file: FILE:LINE:COL: message

  // The same, each followed by the offending line and a mark below its column: for a terminal.
  std::string with_source() const;

  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::string file_;
  std::vector<Problem> problems_;
  std::vector<std::string> source_lines_; // one for each problem; "" = none
};

} // namespace p2pd::base
