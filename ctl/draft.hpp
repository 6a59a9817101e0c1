// A copy in the making: it lies in a hidden folder inside of the folder that it is meant for, so
// that it appears there under its name as a whole or not at all.
// Lifetime: what was not moved out goes with the object. Thread: one. Errors: Failure when the name
// is taken, else std::filesystem::filesystem_error.
#pragma once

#include <filesystem>

namespace p2pd::ctl {

class Draft final {
 public:
  Draft(const std::filesystem::path& folder, const std::filesystem::path& name);
  ~Draft();
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  std::filesystem::path path() const { return hidden_ / target_.filename(); } // to be written
  void expect_free() const; // before the work, for move_out() would say it only after
  const std::filesystem::path& move_out() const; // to its place, which is returned

 private:
  const std::filesystem::path target_;
  const std::filesystem::path hidden_;
};

} // namespace p2pd::ctl
