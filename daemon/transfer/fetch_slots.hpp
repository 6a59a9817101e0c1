// How many fetches may have their files open at the same time: as many as their share of the
// descriptors allows (base/descriptor_shares.hpp). The others wait for their turn, in the order in
// which they came. Loop thread only; outlives the slots.
#pragma once

#include "daemon/io/loop.hpp"

#include <deque>

namespace p2pd::transfer {

class FetchSlots final {
 public:
  // Member of the fetch. Whoever is refused is called once, at the end of a turn, when it has it.
  class Slot final {
   public:
    Slot(FetchSlots& slots, io::Bound<void()> call) : slots_(slots), call_(call) {}
    ~Slot() { give_back(); }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;

    bool take(); // true where it has it already; false: it waits
    void give_back();
    bool waits() const { return state_ == State::waits; }
    bool is_wanted() const { return state_ == State::held && !slots_.waiting_.empty(); }
    std::size_t most() const { return slots_.most_; }

   private:
    friend class FetchSlots;
    enum class State : std::uint8_t { none, waits, held };
    FetchSlots& slots_;
    io::Bound<void()> call_;
    State state_ = State::none;
  };

  explicit FetchSlots(io::Loop& loop);

  void set_most(std::size_t most); // those who have one keep it

 private:
  void wake();

  std::deque<Slot*> waiting_;
  std::size_t held_ = 0;
  std::size_t most_ = 1;
  io::Deferred wake_;
};

} // namespace p2pd::transfer
