// Which lines of the log are said and which are only counted, so that no trouble fills a log:
//
//   trouble (warn, error)  one line a minute of each cause; a cause is a format in a room
//   an event (info)        one line a minute of each cause and subject: its fields, or where it has
//                          none, its words. So two transfers that end are two lines, and a peer
//                          that comes and goes is one
//   altogether             `most_lines` in any minute, of which neither trouble nor events take
//                          more than `most_of_kind`, so that neither hides the other
//
// What is not said is counted by cause. A minute after the first of them, the last one is said with
// the count. Thread: one at a time. The time is passed in.
#pragma once

#include "daemon/base/log.hpp"

#include <array>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace p2pd::base::log {

class Causes final {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds period{60};
  static constexpr std::size_t most_lines = 20;
  static constexpr std::size_t most_of_kind = 14;

  // Whether this line is to be said now; else it is counted. `cause` must stay valid.
  bool pass(const Line& line, std::string_view cause, Time now);
  // One line for each cause whose count is due, the oldest first.
  std::vector<Line> due(Time now);
  std::vector<Line> rest(); // at the end: one line for each cause that still has a count

 private:
  using Key = std::pair<std::string_view, std::string_view>; // room and format
  struct Count {
    Line last;
    std::uint64_t held = 0;
    Time since{};             // the first that is counted was held
    std::optional<Time> said; // of trouble
  };
  static std::size_t kind(const Line& line) { return line.level == Level::info ? 1 : 0; }
  bool room(std::size_t kind) const;
  using Counts = std::map<Key, Count>;
  void note(const Key& key, Count& count, const Line& line, Time now); // it is said
  void forget(Time until);
  std::vector<Counts::value_type*> held();
  static Line summary(Count& count);

  Counts counts_;                                        // as many as there are formats
  std::map<std::pair<Key, std::string>, Time> subjects_; // of the last minute's events
  std::array<std::deque<Time>, 2> said_;                 // of each kind, in the last minute
};

} // namespace p2pd::base::log
