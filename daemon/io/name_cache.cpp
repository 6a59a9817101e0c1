#include "daemon/io/name_cache.hpp"

#include <algorithm>

namespace p2pd::io {

NameAnswer NameCache::put(const std::string& name, NameAnswer answer, Time now) {
  Entry& entry = entries_[name];
  entry.checked = now;
  const bool stale_is_better = answer.passing && stale(name, now) != nullptr;
  if (!stale_is_better) {
    entry.answer = std::move(answer);
    entry.good = now;
  }
  NameAnswer counts = entry.answer;
  if (entries_.size() > most)
    entries_.erase(std::ranges::min_element(
        entries_, {}, [](const auto& named) { return named.second.checked; }));
  return counts;
}

const NameAnswer* NameCache::fresh(const std::string& name, Time now) const {
  const auto found = entries_.find(name);
  const bool is_fresh = found != entries_.end() && now - found->second.checked < fresh_time;
  return is_fresh ? &found->second.answer : nullptr;
}

const NameAnswer* NameCache::stale(const std::string& name, Time now) const {
  const auto found = entries_.find(name);
  if (found == entries_.end() || found->second.answer.endpoints.empty()) return nullptr;
  return now - found->second.good < stale_time ? &found->second.answer : nullptr;
}

} // namespace p2pd::io
