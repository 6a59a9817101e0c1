// What can be named on a command line, as a daemon knows it. What has a name that cannot be typed
// in one line, or would be taken for an option, or is not the only one of that name, is named by
// its id. Thread: any; does what `ask` does. Lifetime: both references outlive the object.
#pragma once

#include "ctl/complete/complete.hpp"

namespace p2pd::ctl {

// The rows of the catalog whose name has `part` in it, and maybe more of them.
proto::Value::Array catalog_about(const std::string& part, const Ask& ask, const Globals& daemon);

class Names final {
 public:
  Names(const Ask& ask, const Globals& daemon) : ask_(ask), daemon_(daemon) {}

  // `begun`: the beginning of what is looked for. More may be given.
  std::vector<Candidate> contents(const std::string& begun) const;
  // Those that the command can do something to.
  std::vector<Candidate> peers(std::string_view command, const std::string& begun) const;
  std::vector<Candidate> transfers(std::string_view command) const;

 private:
  const Ask& ask_;
  const Globals& daemon_;
};

} // namespace p2pd::ctl
