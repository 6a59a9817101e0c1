// What a daemon knows and a command line can name. If its name cannot be typed in one line, looks
// like an option or is ambiguous, its id is used. Thread: as that of `ask`. Lifetime: both
// references outlive the object.
#pragma once

#include "ctl/complete/complete.hpp"

namespace p2pd::ctl {

// The rows of the catalog whose name contains `part`, and perhaps others.
proto::Value::Array catalog_about(const std::string& part, const Ask& ask, const Globals& daemon);

class Names final {
 public:
  Names(const Ask& ask, const Globals& daemon) : ask_(ask), daemon_(daemon) {}

  // `begun`: the prefix to look for. Others may be returned, too.
  std::vector<Candidate> contents(const std::string& begun) const;
  // Those that the command applies to.
  std::vector<Candidate> peers(std::string_view command, const std::string& begun) const;
  std::vector<Candidate> transfers(std::string_view command) const;

 private:
  const Ask& ask_;
  const Globals& daemon_;
};

} // namespace p2pd::ctl
