// [peer] auto_fetch: fetches what is, or appears, in the catalog under a name that matches one of
// the globs and is claimed by the publisher of that glob, or by the first one (followed.hpp). A
// file that it fetched earlier is replaced by what is later published under its name; any other
// file is not. A refused fetch is retried with exponential back-off; one that has begun waits by
// itself (transfer.hpp). Loop thread only.
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

  void follow(std::vector<std::string> globs); // replaces the earlier ones
  void stop() { again_.stop(); }
  // Globs without a publisher.
  std::vector<std::string> open_to_all() const;
  // Claims of others for names that follow one publisher, which are not fetched; one line each.
  const std::map<std::string, std::string>& foreign() const { return foreign_; }
  void catch_up(); // fetches what was published earlier; a tracker is connected

 private:
  void on_notice(const proto::Notice& notice);
  void fetch(const transfer::Claim& claim);
  void on_foreign(const transfer::Claim& claim, const PeerId& publisher);
  void on_refused(const ContentId& content, const std::string& name, const Failure& failure);
  bool lacks(const ContentId& content) const;

  const AutoFetcherDeps deps_;
  std::vector<std::string> globs_;
  std::vector<transfer::Followed> followed_;
  std::map<std::string, std::string> foreign_; // by name
  std::set<ContentId>
      tried_; // since the start, so that failed ones are not restarted again and again
  membership::Backoff backoff_;
  io::Timer again_;
};

} // namespace p2pd::peer
