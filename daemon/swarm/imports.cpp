#include "daemon/swarm/imports.hpp"

#include <algorithm>
#include <utility>

namespace p2pd::swarm {

namespace {

// Of SplitMix64 (Steele, Lea and Flood, 2014).
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

} // namespace

Imports::Imports(std::uint32_t chunks, std::uint64_t self, Time now)
    : self_(self), holders_(chunks), open_(chunks, true), part_(chunks, true), progress_(now) {}

void Imports::add(std::uint64_t key, const ChunkSet& has, Time now) {
  others_.push_back({key, now});
  divided_ = false;
  has.each([this](ChunkIndex chunk) {
    if (holders_[number(chunk)]++ == 0) open_.remove(chunk);
  });
}

void Imports::remove(std::uint64_t key, const ChunkSet& has) {
  others_.erase(std::ranges::find(others_, key, &Other::key));
  divided_ = false;
  has.each([this](ChunkIndex chunk) { lost(chunk); });
}

void Imports::gained(std::uint64_t key, ChunkIndex chunk, Time now) {
  Other& other = *std::ranges::find(others_, key, &Other::key);
  other.progress = now;
  if (std::exchange(other.idle, false)) divided_ = false;
  if (holders_[number(chunk)]++ == 0) open_.remove(chunk);
}

void Imports::lost(ChunkIndex chunk) {
  if (--holders_[number(chunk)] == 0) open_.add(chunk);
}

bool Imports::tick(Time now) {
  bool more = false;
  for (Other& other : others_) {
    if (other.idle || now - other.progress <= patience_with_others) continue;
    other.idle = more = true;
    divided_ = false;
  }
  const bool was = std::exchange(relaxed_, now - progress_ > patience);
  return more || (relaxed_ && !was);
}

void Imports::divide() {
  for (std::uint32_t i = 0; i < part_.chunks(); ++i) {
    const std::uint64_t own = mixed(self_ ^ mixed(i));
    const bool others = std::ranges::any_of(others_, [&](const Other& other) {
      return !other.idle && mixed(other.key ^ mixed(i)) > own;
    });
    if (others)
      part_.remove(ChunkIndex{i});
    else
      part_.add(ChunkIndex{i});
  }
  divided_ = true;
}

ChunkSet Imports::of(const ChunkSet& has) {
  if (relaxed_) return has;
  if (!divided_) divide();
  return has.intersection(open_).intersection(part_);
}

} // namespace p2pd::swarm
