#include "daemon/control/join_commands.hpp"

#include "proto/error.hpp"

namespace p2pd::control {

namespace {

std::string_view to_text(membership::TrackerLink::State state) {
  switch (state) {
  case membership::TrackerLink::State::connecting:
    return "connecting";
  case membership::TrackerLink::State::connected:
    return "connected";
  case membership::TrackerLink::State::refused:
  case membership::TrackerLink::State::cloned:
    return "refused";
  }
  return "connecting";
}

membership::Membership::Done done(const CallPtr& call) {
  return [call](const membership::TrackerLink& link) { call->ok(tracker_value(link)); };
}

membership::Membership::Refused refused(const CallPtr& call) {
  return [call](const library::Failure& failure) { call->error(failure); };
}

void join(const CallPtr& call, membership::Membership& membership) {
  try {
    membership.join(proto::parse_join_token(call->text("token")), done(call), refused(call));
  } catch (const proto::Error& error) {
    call->error({ExitCode::usage, error.what(), ""});
  }
}

void connect(const CallPtr& call, membership::Membership& membership) {
  try {
    membership.connect(base::parse_tracker_address(call->text("tracker")), done(call),
                       refused(call));
  } catch (const std::invalid_argument& error) {
    call->error({ExitCode::usage, error.what(), ""});
  }
}

void disconnect(const CallPtr& call, membership::Membership& membership) {
  membership.disconnect(
      call->text("tracker"),
      [call](const std::vector<membership::KnownTracker>& gone) {
        Value::Array rows;
        bool comes_back = false;
        for (const membership::KnownTracker& tracker : gone) {
          comes_back = comes_back || tracker.configured;
          rows.push_back({{"address", base::to_text(tracker.addresses.front())},
                          {"id", tracker.id ? Value(proto::to_text(*tracker.id)) : Value()}});
        }
        call->ok({{"trackers", std::move(rows)},
                  {"warning", comes_back ? "what [peer] trackers names is connected again at the "
                                           "next start; take it out of the config, too"
                                         : ""}});
      },
      refused(call));
}

} // namespace

Value tracker_value(const membership::TrackerLink& link) {
  std::optional<proto::PeerId> id = link.tracker().id;
  if (link.session() != nullptr) id = link.session()->id();
  return {{"address", base::to_text(link.address())},
          {"id", id ? Value(proto::to_text(*id)) : Value()},
          {"state", to_text(link.state())},
          {"error", link.cause().empty() ? Value() : Value(link.cause())}};
}

void bind_joining(Dispatcher& dispatcher, membership::Membership& membership) {
  dispatcher.bind("join", [&](const CallPtr& call) { join(call, membership); });
  dispatcher.bind("connect", [&](const CallPtr& call) { connect(call, membership); });
  dispatcher.bind("disconnect", [&](const CallPtr& call) { disconnect(call, membership); });
}

} // namespace p2pd::control
