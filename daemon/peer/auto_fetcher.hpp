// Follows publishers by itself: fetches what is in the catalog, or appears there, under a name that
// one of the globs matches, claimed by the publisher that stands behind the glob, or that came
// first (followed.hpp). A file that it fetched before makes way for what is published later under
// its name; any other file does not. A fetch that is refused is tried again with exponential
// back-off; one that was begun waits by itself (transfer.hpp). Loop thread only.
#pragma once

#include "daemon/io/timer.hpp"
#include "daemon/membership/backoff.hpp"
#include "daemon/transfer/transfers.hpp"

namespace p2pd::peer {

using library::Failure;
using proto::ContentId;
using proto::PeerId;

struct AutoFetcherDeps {
  io::Loop& loop;
  library::Library& library;
  membership::Trackers& trackers;
  membership::NoticeReceiver& notices;
  transfer::Transfers& transfers;
  const links::Limits& limits;
};

class AutoFetcher final {
 public:
  explicit AutoFetcher(const AutoFetcherDeps& deps);
  AutoFetcher(const AutoFetcher&) = delete;
  AutoFetcher& operator=(const AutoFetcher&) = delete;

  void follow(std::vector<std::string> globs); // these, from now on
  void stop() { again_.stop(); }
  // Globs without a publisher.
  std::vector<std::string> open_to_all() const;
  // What others claim of what one publisher has brought, and is not fetched; one line each.
  const std::map<std::string, std::string>& foreign() const { return foreign_; }
  void catch_up(); // a tracker is connected: with what was published before

 private:
  void on_notice(const proto::Notice& notice);
  void fetch(const transfer::Claim& claim);
  void on_foreign(const transfer::Claim& claim, const PeerId& publisher);
  void on_refused(const ContentId& content, const std::string& name, const Failure& failure);
  bool lacks(const ContentId& content) const;

  const AutoFetcherDeps deps_;
  std::vector<std::string> globs_;
  std::vector<transfer::Followed> followed_;
  std::map<std::string, std::string> foreign_; // by the name
  std::set<ContentId>
      tried_; // since the start, so that what has failed is not begun again and again
  membership::Backoff backoff_;
  io::Timer again_;
};

} // namespace p2pd::peer
