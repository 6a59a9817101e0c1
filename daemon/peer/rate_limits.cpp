#include "daemon/peer/rate_limits.hpp"

#include "daemon/base/log.hpp"

namespace p2pd::peer {

namespace {

std::chrono::sys_seconds now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

} // namespace

void RateLimits::apply(const base::Config& config) {
  config_ = {config.upload_limit, config.download_limit, config.between_sites};
  schedule_ = config.schedule;
  line_.reset();
  restore();
  look_.stop();
  until_ = base::next_change(schedule_, now());
  if (!schedule_.empty()) look();
}

void RateLimits::restore() {
  set(config_);
  if (line_) set(line_->rates);
}

void RateLimits::set(const base::ScheduledRates& rates) {
  if (rates.upload) limits_.up.set(*rates.upload);
  if (rates.download) limits_.down.set(*rates.download);
  if (!rates.between_sites) return;
  limits_.between_up.set(*rates.between_sites);
  limits_.between_down.set(*rates.between_sites);
}

void RateLimits::look() {
  const auto time = now();
  const base::ScheduleLine* const found = base::in_force(schedule_, base::wall_time(time));
  const auto line = found == nullptr ? std::nullopt : std::optional(*found);
  if (line != line_ || (until_ && *until_ <= time)) until_ = base::next_change(schedule_, time);
  if (line != line_) {
    line_ = line;
    restore();
    if (line_)
      base::log::info("limits", {{"line", line_->text}}, "a line of [limits] schedule applies");
    else
      base::log::info("limits", "no line of [limits] schedule applies any more");
  }
  look_.once(std::chrono::floor<std::chrono::minutes>(time) + std::chrono::minutes(1) - time);
}

} // namespace p2pd::peer
