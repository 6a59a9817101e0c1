// Deferred deletion: keeps retired objects until the end of this loop iteration, when none of their
// callbacks can be running. Loop thread only.
#pragma once

#include "daemon/io/loop.hpp"

#include <memory>
#include <vector>

namespace p2pd::io {

class Graveyard final {
 public:
  explicit Graveyard(Loop& loop) : clear_(loop, bind<&Graveyard::clear>(this)) {}
  Graveyard(const Graveyard&) = delete;
  Graveyard& operator=(const Graveyard&) = delete;

  template <class T>
  void add(std::unique_ptr<T> object) {
    add(std::shared_ptr<T>(std::move(object)));
  }
  void add(std::shared_ptr<const void> object) {
    dead_.push_back(std::move(object));
    clear_.schedule();
  }
  // Moves the element that points to the object out of a list or vector of pointers.
  template <class Pointers, class T>
  void take(Pointers& pointers, const T& object) {
    for (auto at = pointers.begin(); at != pointers.end(); ++at) {
      if (at->get() != &object) continue;
      add(std::move(*at));
      pointers.erase(at);
      return;
    }
  }
  void clear(); // immediately; none of their callbacks may be running

 private:
  std::vector<std::shared_ptr<const void>> dead_;
  Deferred clear_;
};

} // namespace p2pd::io
