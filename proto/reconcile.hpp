// What a peer has told a tracker, as digests that both of them can make: after a link is cut, only
// what differs is told again. The announcements are spread over groups by their contents' ids, and
// each group has a digest. Thread: any; values only. See p2p-protocol(7), reconcile.
#pragma once

#include "proto/tracker_messages.hpp"

namespace p2pd::proto {

// For so many announcements: some sixteen to a group, as far as a message holds the digests.
std::size_t group_count(std::size_t announcements);
std::size_t group_of(const ContentId& content, std::size_t groups);

// One for each group. Request ids do not count, nor does the order.
List<Digest, 256> digests_of(std::vector<Publish> announcements, std::size_t groups);

} // namespace p2pd::proto
