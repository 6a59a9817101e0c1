// Everything that is wrong with a config file, each with its position and its remedy.
// Thread: any; values only.
#pragma once

#include <compare>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace p2pd::base {

// A position in the file; both count from 1, columns in bytes. Line 0 = the whole file.
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
  // `source`: the file's text, to show the lines from; "" if it was not read.
  ConfigError(const std::string& file, std::string_view source, std::vector<Problem> problems);

  // what() is one line for each problem, in the order of the file: FILE:LINE:COL: message

  // The same for a terminal: each followed by the source line and a mark below the column.
  std::string with_source() const;

  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::string file_;
  std::vector<Problem> problems_;
  std::vector<std::string> source_lines_; // one for each problem; "" = none
};

} // namespace p2pd::base
