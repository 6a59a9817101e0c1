// Removed entries are closed after the mutex is released: closing may take long, as the last
// descriptor of a deleted file frees its space.
#include "daemon/disk/open_files.hpp"

#include <algorithm>
#include <iterator>

namespace p2pd::disk {

SharedFd OpenFiles::find(Key key, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  const auto found = places_.find(key);
  if (found == places_.end()) return nullptr;
  list_.splice(list_.begin(), list_, found->second);
  list_.front().used = now;
  return list_.front().fd;
}

void OpenFiles::keep(Key key, SharedFd fd, Clock::time_point now) {
  List removed;
  const std::lock_guard lock(mutex_);
  if (const auto other = places_.find(key); other != places_.end()) remove(other->second, removed);
  list_.push_front({key, std::move(fd), now});
  places_.emplace(key, list_.begin());
  while (list_.size() > most_) remove(std::prev(list_.end()), removed);
}

void OpenFiles::forget(std::uint64_t set) {
  List removed;
  const std::lock_guard lock(mutex_);
  for (auto each = list_.begin(); each != list_.end();) {
    const List::iterator open = each++;
    if (open->key.set == set) remove(open, removed);
  }
}

void OpenFiles::set_most(std::size_t most) {
  List removed;
  const std::lock_guard lock(mutex_);
  most_ = std::max<std::size_t>(most, 1);
  while (list_.size() > most_) remove(std::prev(list_.end()), removed);
}

void OpenFiles::close_unused(Clock::time_point since) {
  List removed;
  const std::lock_guard lock(mutex_);
  while (!list_.empty() && list_.back().used < since) remove(std::prev(list_.end()), removed);
}

bool OpenFiles::close_one() {
  List removed;
  const std::lock_guard lock(mutex_);
  for (auto each = list_.end(); each != list_.begin();) {
    --each;
    if (each->fd.use_count() > 1) continue;
    remove(each, removed);
    return true;
  }
  return false;
}

std::size_t OpenFiles::count() const {
  const std::lock_guard lock(mutex_);
  return list_.size();
}

void OpenFiles::remove(List::iterator open, List& removed) {
  places_.erase(open->key);
  removed.splice(removed.end(), list_, open);
}

OpenFiles& open_files() {
  static OpenFiles all;
  return all;
}

} // namespace p2pd::disk
