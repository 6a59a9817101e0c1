// A copy in the making: it lies in a hidden folder inside of the folder that it is meant for, so
// that it appears there under its name as a whole or not at all.
// Lifetime: what was not moved out goes with the object. Thread: one. Errors: Failure when the name
// is taken, else std::filesystem::filesystem_error.
#pragma once

#include "ctl/base/spot.hpp"

namespace p2pd::ctl {

class Draft final {
 public:
  Draft(Spot folder, std::filesystem::path name);
  ~Draft();
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  const Spot& hidden() const { return hidden_; } // in which it is to be written, under its name
  const std::filesystem::path& name() const { return name_; }
  void expect_free() const;               // before the work, for move_out() would say it only after
  std::filesystem::path move_out() const; // to its place, which is returned

 private:
  const Spot folder_;
  const std::filesystem::path name_;
  const Spot hidden_;
};

} // namespace p2pd::ctl
