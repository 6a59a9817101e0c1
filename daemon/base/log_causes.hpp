// The log's rate limit: which lines are written and which are only counted.
//
//   trouble (warn, error)  one line a minute for each cause; a cause is a format string and a room
//   an event (info)        one line a minute for each cause and subject: its fields, or without
//                          fields, its text. So two transfers that end are two lines, and a peer
//                          that comes and goes is one
//   in total               `most_lines` in any minute, of which trouble and events take
//                          `most_of_kind` each at most, so that neither hides the other
//
// Suppressed lines are counted by cause. A minute after the first of them, the last one is written
// with the count. Thread: one at a time. The time is passed in.
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

  // Whether to write this line now; otherwise it is counted. `cause` must stay valid.
  bool pass(const Line& line, std::string_view cause, Time now);
  // One line for each cause whose count is due, oldest first.
  std::vector<Line> due(Time now);
  std::vector<Line> rest(); // at the end: one line for each cause with a count

 private:
  using Key = std::pair<std::string_view, std::string_view>; // room and format
  struct Count {
    Line last;
    std::uint64_t held = 0;
    Time since{};             // when the first suppressed line came
    std::optional<Time> said; // the last one written; trouble only
  };
  static std::size_t kind(const Line& line) { return line.level == Level::info ? 1 : 0; }
  bool room(std::size_t kind) const;
  using Counts = std::map<Key, Count>;
  void note(const Key& key, Count& count, const Line& line, Time now); // it is written
  void forget(Time until);
  std::vector<Counts::value_type*> held();
  static Line summary(Count& count);

  Counts counts_;                                        // bounded by the number of formats
  std::map<std::pair<Key, std::string>, Time> subjects_; // of the last minute's events
  std::array<std::deque<Time>, 2> said_;                 // written in the last minute, by kind
};

} // namespace p2pd::base::log
