#include "daemon/transfer/fetch_slots.hpp"

#include <algorithm>

namespace p2pd::transfer {

FetchSlots::FetchSlots(io::Loop& loop) : wake_(loop, io::bind<&FetchSlots::wake>(this)) {}

void FetchSlots::set_most(std::size_t most) {
  most_ = most;
  wake_.schedule();
}

bool FetchSlots::Slot::take() {
  if (state_ != State::none) return state_ == State::held;
  if (slots_.held_ < slots_.most_ && slots_.waiting_.empty()) {
    ++slots_.held_;
    state_ = State::held;
    return true;
  }
  slots_.waiting_.push_back(this);
  state_ = State::waits;
  return false;
}

void FetchSlots::Slot::give_back() {
  if (state_ == State::waits) std::erase(slots_.waiting_, this);
  if (state_ == State::held) {
    --slots_.held_;
    slots_.wake_.schedule();
  }
  state_ = State::none;
}

void FetchSlots::wake() {
  while (held_ < most_ && !waiting_.empty()) {
    Slot& next = *waiting_.front();
    waiting_.pop_front();
    ++held_;
    next.state_ = Slot::State::held;
    next.call_();
  }
}

} // namespace p2pd::transfer
