// A copy in progress: it is made in a hidden folder inside the destination folder, so that it
// appears there under its name atomically. Lifetime: the destructor removes what was not moved out.
// Thread: one. Errors: Failure if the name is taken, else std::filesystem::filesystem_error.
#pragma once

#include "ctl/base/spot.hpp"

namespace p2pd::ctl {

class Draft final {
 public:
  Draft(Spot folder, std::filesystem::path name);
  ~Draft();
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  const Spot& hidden() const { return hidden_; } // where to write it, under its final name
  const std::filesystem::path& name() const { return name_; }
  void expect_free() const;               // check early what move_out() would report late
  std::filesystem::path move_out() const; // to its destination, which is returned

 private:
  const Spot folder_;
  const std::filesystem::path name_;
  const Spot hidden_;
};

} // namespace p2pd::ctl
