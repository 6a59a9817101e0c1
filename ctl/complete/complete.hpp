// What could stand at the end of a command line: commands, options and what they take, by the
// command table, and the contents, peers and transfers that a daemon knows.
// Thread: any; does what `ask` does.
#pragma once

#include "ctl/base/arguments.hpp"

#include <functional>
#include <span>

namespace p2pd::ctl {

struct Candidate {
  std::string text; // a whole word, without quotes, of one line, and safe for a terminal
  std::string help; // "" for none; as safe
};

struct Completions {
  bool paths = false; // a path is to stand there: whoever completes knows the folders
  std::vector<Candidate> candidates;
};

// The daemon's answer to a command; null where there is none.
using Ask = std::function<proto::Value(const Globals& daemon, std::string_view command,
                                       const proto::Value& params)>;

// `words` stand behind "p2pctl", unquoted; the last is to be completed, and may be empty.
Completions complete(std::span<const std::string> words, const Ask& ask);

} // namespace p2pd::ctl
