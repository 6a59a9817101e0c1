// Which network and which trackers this peer belongs to: what `p2pctl join`, `connect` and
// `disconnect` change, at once and for every later start. Loop thread only.
#pragma once

#include "daemon/membership/tracker_names.hpp"
#include "proto/join_token.hpp"

#include <filesystem>

namespace p2pd::membership {

using library::Failure;

class Membership final {
 public:
  Membership(io::Loop& loop, net::SessionSet& sessions, state::StateDb& state, Trackers& trackers,
             Bans& bans);
  Membership(const Membership&) = delete;
  Membership& operator=(const Membership&) = delete;

  void restore(const std::vector<state::TrackerRecord>& records); // the trackers that were joined
  // Those of the config, in place of those that it named before; and dials all, if this node is a
  // member. The secret of a join goes to the file.
  void configure(const std::vector<base::TrackerAddress>& trackers,
                 const std::filesystem::path& secret_file);
  // Lifts what others have banned than the trackers that people chose, as soon as all of these are
  // known by their ids.
  void sort_bans();
  void stop() {
    keeping_.drop();
    names_.stop();
  }

  // Secret and tracker are durable, and connecting has succeeded, failed or taken long, when `done`
  // comes.
  using Done = std::function<void(const TrackerLink&)>;
  using Refused = std::function<void(const Failure&)>;
  void join(const proto::JoinToken& token, const Done& done, const Refused& refused);
  void connect(const base::TrackerAddress& address, const Done& done, const Refused& refused);
  // By address or a prefix of the id; "": all.
  using Left = std::function<void(const std::vector<KnownTracker>&)>;
  void disconnect(std::string_view word, const Left& left, const Refused& refused);

 private:
  void start();                           // once this node is a member
  KnownTracker remove(TrackerLink& link); // what it was
  void enter(KnownTracker tracker, const Done& done, const Refused& refused);
  lookup::ChosenNode find(std::string_view word) const;

  io::Loop& loop_;
  net::SessionSet& sessions_;
  state::StateDb& state_;
  Trackers& trackers_;
  Bans& bans_;
  TrackerNames names_;
  std::vector<base::TrackerAddress> configured_;
  std::filesystem::path secret_file_;
  io::Job keeping_; // the secret, on the disk
};

} // namespace p2pd::membership
