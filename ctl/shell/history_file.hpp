// The lines of earlier sessions, in $XDG_STATE_HOME/p2pctl/history or
// ~/.local/state/p2pctl/history: a line each, readable for their user alone. Sessions at the same
// time add to one file. Where it cannot be read or written there is no history, and nothing is said
// of it. Thread: any.
#pragma once

#include <string>
#include <vector>

namespace p2pd::ctl {

class HistoryFile final {
 public:
  HistoryFile();

  // The latest thousand, the oldest first. A file that has grown long is shortened to them.
  std::vector<std::string> lines() const;
  void add(const std::string& line) const;

 private:
  void write(const std::vector<std::string>& lines, int how) const;

  std::string path_; // "": nowhere
};

} // namespace p2pd::ctl
