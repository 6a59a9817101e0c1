// Digests of what a peer has announced to a tracker, which both can compute: after a link was lost,
// only what differs is announced again. Announcements are grouped by content id, and each group has
// a digest. Thread: any; values only. See p2p-protocol(7), reconcile.
#pragma once

#include "proto/tracker_messages.hpp"

namespace p2pd::proto {

// The number of groups for so many announcements: about sixteen per group, up to a message's limit.
std::size_t group_count(std::size_t announcements);
std::size_t group_of(const ContentId& content, std::size_t groups);

// One per group. Request ids and order do not matter.
List<Digest, 256> digests_of(std::vector<Publish> announcements, std::size_t groups);

} // namespace p2pd::proto
