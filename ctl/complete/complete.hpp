// Completions for the end of a command line: commands, options and their values, from the command
// table, and the contents, peers and transfers that a daemon knows.
// Thread: as that of `ask`.
#pragma once

#include "ctl/base/arguments.hpp"

#include <functional>
#include <span>

namespace p2pd::ctl {

struct Candidate {
  std::string text; // a whole word, without quotes, of one line, and safe for a terminal
  std::string help; // "": none; likewise safe
};

struct Completions {
  bool paths = false; // a path is expected, which the caller completes
  std::vector<Candidate> candidates;
};

// The daemon's answer to a command; null: none.
using Ask = std::function<proto::Value(const Globals& daemon, std::string_view command,
                                       const proto::Value& params)>;

// `words`: those after "p2pctl", unquoted; the last is to be completed and may be empty.
Completions complete(std::span<const std::string> words, const Ask& ask);

} // namespace p2pd::ctl
