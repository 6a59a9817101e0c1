#include "daemon/net/dial_schedule.hpp"

#include <algorithm>
#include <tuple>

namespace p2pd::net {

std::size_t DialSchedule::running() const {
  return static_cast<std::size_t>(std::ranges::count(entries_, State::running, &Entry::state));
}

std::optional<std::size_t> DialSchedule::best() const {
  std::optional<std::size_t> best;
  const auto order = [this](const Entry& entry) {
    const bool same_family = started_ && entry.candidate.v6 == last_v6_;
    return std::tuple(!entry.candidate.near, same_family, entry.candidate.rank);
  };
  for (std::size_t i = 0; i < entries_.size(); ++i)
    if (entries_[i].state == State::waiting &&
        (!best || order(entries_[i]) < order(entries_[*best])))
      best = i;
  return best;
}

std::optional<std::size_t> DialSchedule::due(io::Time now, bool crowd) {
  if (now < next_ || !may_start()) return std::nullopt;
  if (crowd && running() > 0) {
    next_ = now + first_delay;
    return std::nullopt;
  }
  const auto chosen = best();
  if (!chosen) return std::nullopt;
  Entry& entry = entries_[*chosen];
  entry.state = State::running;
  entry.until = now + patience;
  last_v6_ = entry.candidate.v6;
  started_ = true;
  next_ = now + delay_;
  delay_ = std::max(delay_ / 2, least_delay);
  return chosen;
}

std::optional<std::size_t> DialSchedule::expired(io::Time now) {
  const auto found = std::ranges::find_if(entries_, [now](const Entry& entry) {
    return entry.state == State::running && entry.until <= now;
  });
  if (found == entries_.end()) return std::nullopt;
  const auto which = static_cast<std::size_t>(found - entries_.begin());
  failed(which, now);
  return which;
}

void DialSchedule::failed(std::size_t which, io::Time now) {
  entries_[which].state = State::failed;
  if (proved_ == which) proved_.reset();
  next_ = std::min(next_, now);
  if (late_) late_ = std::min(*late_, now);
}

std::vector<std::size_t> DialSchedule::proved(std::size_t which, io::Time now) {
  proved_ = which;
  restarted(which, now);
  std::vector<std::size_t> withdrawn;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (i == which || entries_[i].state != State::running) continue;
    entries_[i].state = State::waiting;
    withdrawn.push_back(i);
  }
  return withdrawn;
}

bool DialSchedule::falls_behind(io::Time now) {
  if (!late_ || now < *late_ || proved_) return false;
  late_.reset();
  return true;
}

std::optional<io::Time> DialSchedule::wake() const {
  std::optional<io::Time> wake = proved_ ? std::nullopt : late_;
  const auto include = [&wake](io::Time time) { wake = wake ? std::min(*wake, time) : time; };
  for (const Entry& entry : entries_)
    if (entry.state == State::running) include(entry.until);
  if (may_start() && best()) include(next_);
  return wake;
}

bool DialSchedule::exhausted() const {
  return std::ranges::all_of(entries_,
                             [](const Entry& entry) { return entry.state == State::failed; });
}

} // namespace p2pd::net
