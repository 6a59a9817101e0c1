// The rates that hold now: those of the config, or of the line of its schedule whose time it is, or
// what a person has set, until the next line's time or reload. Loop thread only.
#pragma once

#include "daemon/base/config.hpp"
#include "daemon/io/timer.hpp"
#include "daemon/links/limits.hpp"

namespace p2pd::peer {

class RateLimits final {
 public:
  RateLimits(io::Loop& loop, links::Limits& limits)
      : limits_(limits), look_(loop, io::bind<&RateLimits::look>(this)) {}

  void apply(const base::Config& config);
  void set(const base::ScheduledRates& rates); // those that are named

  const links::Limits& limits() const { return limits_; }
  // The line of the schedule whose time it is; "": none. And when that changes.
  std::string line() const { return line_ ? line_->text : ""; }
  std::optional<std::chrono::sys_seconds> until() const { return until_; }

 private:
  void look();
  void restore();

  links::Limits& limits_;
  base::ScheduledRates config_;
  std::vector<base::ScheduleLine> schedule_;
  std::optional<base::ScheduleLine> line_;
  std::optional<std::chrono::sys_seconds> until_; // found once, as `status` is asked for often
  io::Timer look_;                                // at each full minute
};

} // namespace p2pd::peer
