// The kinds of events that `watch` reports: their words, and the notices of trackers behind them.
// One row each; everything else is derived. Thread: any; pure.
#pragma once

#include "proto/tracker_messages.hpp"

#include <array>
#include <optional>

namespace p2pd::proto {

enum class EventKind : std::uint8_t {
  came,
  left,
  lost,
  published,
  withdrawn,
  fetched,
  done,
  failed,
  distrusted,
};

struct EventRow {
  EventKind kind;
  std::string_view word;
  std::optional<NoticeKind> notice = std::nullopt; // nothing: an event of the peer itself
};
inline constexpr std::array event_table{
    EventRow{EventKind::came, "came", NoticeKind::peer_came},
    EventRow{EventKind::left, "left", NoticeKind::peer_left},
    EventRow{EventKind::lost, "lost", NoticeKind::peer_lost},
    EventRow{EventKind::published, "published", NoticeKind::published},
    EventRow{EventKind::withdrawn, "withdrawn", NoticeKind::withdrawn},
    EventRow{EventKind::fetched, "fetched", NoticeKind::fetched},
    EventRow{EventKind::done, "done"},
    EventRow{EventKind::failed, "failed"},
    EventRow{EventKind::distrusted, "distrusted"}};

inline constexpr auto event_words = [] {
  std::array<std::string_view, event_table.size()> words;
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = event_table[i].word;
  return words;
}();

// Its bit in a set of kinds.
constexpr std::uint32_t bit(EventKind kind) {
  return 1U << static_cast<unsigned>(kind);
}
inline constexpr std::uint32_t all_events = (1U << event_table.size()) - 1;

constexpr std::string_view to_text(EventKind kind) {
  return event_table[static_cast<std::size_t>(kind)].word;
}
constexpr std::optional<EventKind> event_kind(std::string_view word) {
  for (const EventRow& row : event_table)
    if (row.word == word) return row.kind;
  return std::nullopt;
}
constexpr EventKind event_kind(NoticeKind notice) { // each notice has one
  std::size_t at = 0;
  while (event_table[at].notice != notice) ++at;
  return event_table[at].kind;
}

// The notices to request from trackers for these kinds.
constexpr std::uint32_t notices_of(std::uint32_t events) {
  std::uint32_t notices = 0;
  for (const EventRow& row : event_table)
    if (row.notice && (events & bit(row.kind)) != 0) notices |= bit(*row.notice);
  return notices;
}

static_assert(
    [] {
      std::uint32_t notices = 0;
      for (std::size_t i = 0; i < event_table.size(); ++i) {
        if (event_table[i].kind != EventKind{static_cast<std::uint8_t>(i)}) return false;
        if (!event_table[i].notice) continue;
        if ((notices & bit(*event_table[i].notice)) != 0) return false;
        notices |= bit(*event_table[i].notice);
      }
      return notices == 2 * bit(NoticeKind::last) - 1;
    }(),
    "the rows stand in the order of EventKind, and each NoticeKind is the notice of one");

} // namespace p2pd::proto
