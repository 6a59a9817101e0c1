#include "proto/control/event_kinds.hpp"

#include "proto/control/commands.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

namespace p2pd::proto {
namespace {

TEST(EventKinds, HaveAWordEach) {
  for (const EventRow& row : event_table) {
    EXPECT_EQ(to_text(row.kind), row.word);
    EXPECT_EQ(event_kind(row.word), row.kind);
    EXPECT_NE(all_events & bit(row.kind), 0U);
  }
  EXPECT_EQ(std::set(event_words.begin(), event_words.end()).size(), event_table.size());
  for (const char* word : {"", "came ", "comings", "Came"}) EXPECT_FALSE(event_kind(word)) << word;
}

TEST(EventKinds, KnowWhatTrackersNotice) {
  EXPECT_EQ(event_kind(NoticeKind::peer_lost), EventKind::lost);
  EXPECT_EQ(event_kind(NoticeKind::fetched), EventKind::fetched);
  EXPECT_EQ(notices_of(0), 0U);
  EXPECT_EQ(notices_of(all_events), 0b111111U);
  EXPECT_EQ(notices_of(bit(EventKind::published) | bit(EventKind::done)),
            bit(NoticeKind::published));
  EXPECT_EQ(notices_of(bit(EventKind::distrusted)), 0U);
}

TEST(EventKinds, AreWhatWatchCanBeAskedFor) {
  const auto watch = std::ranges::find(commands(), "watch", &Command::name);
  ASSERT_NE(watch, commands().end());
  const auto& choices = watch->options.front().choices;
  EXPECT_TRUE(std::ranges::equal(choices, event_words));
}

} // namespace
} // namespace p2pd::proto
