#include "daemon/publishing/source_watch.hpp"

#include <gtest/gtest.h>

namespace p2pd::publishing {
namespace {

TEST(SourceWatch, DoubtsWhatIsOfferedAndNotWhatItWas) {
  EXPECT_EQ(measure(Presence::same, Listing::offered), Measure::none);
  EXPECT_EQ(measure(Presence::changed, Listing::offered), Measure::doubt);
  EXPECT_EQ(measure(Presence::gone, Listing::offered), Measure::doubt);
}

TEST(SourceWatch, RestoresWhatIsBack) {
  EXPECT_EQ(measure(Presence::same, Listing::missing), Measure::restore);
  EXPECT_EQ(measure(Presence::changed, Listing::missing), Measure::restore) << "it is hashed then";
  EXPECT_EQ(measure(Presence::gone, Listing::missing), Measure::none);
}

TEST(SourceWatch, LeavesAloneWhatItKnowsNothingOf) {
  for (const Listing listing : {Listing::offered, Listing::missing, Listing::busy})
    EXPECT_EQ(measure(Presence::unknown, listing), Measure::none);
  for (const Presence presence : {Presence::same, Presence::changed, Presence::gone})
    EXPECT_EQ(measure(presence, Listing::busy), Measure::none);
}

} // namespace
} // namespace p2pd::publishing
