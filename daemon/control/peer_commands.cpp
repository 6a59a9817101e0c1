#include "daemon/control/peer_commands.hpp"

#include "daemon/control/catalog_commands.hpp"
#include "daemon/control/chunk_commands.hpp"
#include "daemon/control/discover_commands.hpp"
#include "daemon/control/join_commands.hpp"
#include "daemon/control/ping_commands.hpp"
#include "daemon/control/transfer_commands.hpp"
#include "daemon/control/watch_commands.hpp"
#include "daemon/disk/manifest_memory.hpp"
#include "daemon/disk/open_files.hpp"
#include "proto/control/commands.hpp"
#include "proto/manifest.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace p2pd::control {

namespace {

Value trackers_value(const membership::Trackers& trackers) {
  Value::Array rows;
  for (const auto& link : trackers.links()) rows.push_back(tracker_value(*link));
  return rows;
}

constexpr std::size_t most_refused = 20; // of one tracker

Value troubles_value(peer::Peer& peer) {
  Value::Array rows;
  for (const auto& link : peer.trackers().links()) {
    std::size_t count = 0;
    for (const auto& [content, why] : link->refused()) {
      if (count++ == most_refused) break;
      const library::Item* const item = peer.library().find(content);
      const std::string name =
          item == nullptr || item->names.empty() ? to_text(content) : item->names.begin()->first;
      rows.push_back({{"path", Value::name(name)},
                      {"error", fmt::format("the tracker {} does not list it: {}",
                                            to_text(link->address()), why)}});
    }
  }
  for (const library::Trouble& trouble : peer.troubles())
    rows.push_back({{"path", Value::name(trouble.path)}, {"error", Value::name(trouble.cause)}});
  return rows;
}

void bans(const CallPtr& call, const membership::Bans& bans) {
  Value::Array rows;
  for (const membership::Bans::Row& row : bans.rows())
    rows.push_back({{"name", Value::name("")},
                    {"id", to_text(row.id)},
                    {"since", timestamp(row.since)},
                    {"by", to_text(row.by)}});
  call->ok({{"bans", std::move(rows)}});
}

ControlError usage(std::string_view command, const std::string& message,
                   const std::string& remedy) {
  return {ExitCode::usage, message,
          remedy.empty() ? "see p2pctl help " + std::string(command) : remedy};
}

// Reads publish's params; where they are wrong, answers and returns nothing.
std::optional<publishing::PublishOptions> publish_options(const CallPtr& call) {
  publishing::PublishOptions options;
  options.path = call->text("path");
  options.name = call->text("name");
  const Value& name = call->params()["name"];
  if (options.path.empty()) {
    call->error(usage("publish", "the path is empty", "name a file"));
    return std::nullopt;
  }
  if (!name.is_null() && !proto::valid_name(options.name)) {
    call->error(usage("publish",
                      "\"" + proto::printable(options.name) + "\" is no name for a content",
                      "a name is 1 to 255 bytes without '/'"));
    return std::nullopt;
  }
  if (const Value& size = call->params()["chunk-size"]; !size.is_null()) {
    if (!proto::valid_chunk_size(size.natural())) {
      call->error(usage(
          "publish", "a chunk size of " + std::to_string(size.natural()) + " bytes is not possible",
          "give a power of two from 16 KiB to 4 MiB"));
      return std::nullopt;
    }
    options.chunk_size = static_cast<std::uint32_t>(size.natural());
  }
  if (const Value& globs = call->params()["exclude"]; !globs.is_null())
    for (const Value& glob : globs.array()) options.rules.exclude.push_back(glob.text());
  options.rules.skip_special = call->flag("skip-special");
  if (const std::string word = call->text("links"); !word.empty()) {
    const auto rule = store::symlink_rule(word);
    if (!rule) {
      call->error(usage("publish", "\"" + proto::printable(word) + "\" is no way to treat symlinks",
                        "give --links keep, follow or refuse"));
      return std::nullopt;
    }
    options.rules.links = *rule;
  }
  return options;
}

// What people are told besides; --json has all of it in keys.
std::string warning_of(const publishing::Published& published) {
  constexpr std::size_t most_named = 10;
  std::string warning;
  for (std::size_t i = 0; i < std::min(published.skipped.size(), most_named); ++i)
    warning += fmt::format("{}{} {}", i == 0 ? "" : "; ",
                           disk::in_quotes(published.skipped[i].path), published.skipped[i].why);
  if (published.skipped_in_all > most_named)
    warning +=
        fmt::format("; and {} more, which --json lists", published.skipped_in_all - most_named);
  if (!warning.empty()) warning = fmt::format("{} left out: {}", published.skipped_in_all, warning);
  if (published.trackers == 0)
    warning += fmt::format("{}no tracker has acknowledged it; it will be announced when one is "
                           "connected",
                           warning.empty() ? "" : "; ");
  return warning;
}

Value skipped_value(const publishing::Published& published) {
  Value::Array rows;
  for (const store::Skipped& each : published.skipped)
    rows.push_back({{"path", Value::name(each.path)}, {"why", Value::name(each.why)}});
  return rows;
}

Value published_value(const publishing::Published& published) {
  return {{"name", Value::name(published.name)},
          {"id", proto::to_text(published.item.id)},
          {"size", published.item.size},
          {"chunks", published.item.have.chunks()},
          {"chunk_size", published.item.chunk_size},
          {"path", Value::name(published.item.path.string())},
          {"trackers", published.trackers},
          {"copies", Value()},
          {"already", published.already},
          {"skipped", skipped_value(published)},
          {"skipped_total", published.skipped_in_all},
          {"warning", warning_of(published)}};
}

// How many peers are to have it before publish returns; 0 where none is waited for. Nothing where
// it is refused, and the call is answered.
std::optional<std::uint64_t> copies_wanted(const CallPtr& call,
                                           const membership::Trackers& trackers) {
  const Value& given = call->params()["wait-copies"];
  if (given.is_null()) return 0;
  if (given.natural() > 0 && trackers.connected() > 0) return given.natural();
  call->error(given.natural() == 0
                  ? usage("publish", "0 copies cannot be waited for",
                          "give 2 to wait for one peer besides this one")
                  : ControlError{ExitCode::failed,
                                 "no tracker is connected, so nobody can count the copies",
                                 "p2pctl status tells why; or publish without --wait-copies"});
  return std::nullopt;
}

void publish(const CallPtr& call, peer::Peer& peer, CopyWaits& waits) {
  const auto options = publish_options(call);
  if (!options) return;
  const auto copies = copies_wanted(call, peer.trackers());
  if (!copies) return;
  const std::string name = options->name.empty()
                               ? std::filesystem::path(options->path).filename().string()
                               : options->name;
  peer.publisher().publish(
      *options, {.progress =
                     [call, name](std::uint64_t done, std::uint64_t size) {
                       call->event({{"stage", "hash"},
                                    {"name", Value::name(name)},
                                    {"done_bytes", done},
                                    {"size", size}});
                     },
                 .done =
                     [call, &waits, wanted = *copies](const publishing::Published& published) {
                       if (wanted == 0) return call->ok(published_value(published));
                       waits.add(call, published.item.id, wanted, published_value(published));
                     },
                 .refused = [call](const library::Failure& failure) { call->error(failure); }});
}

void verify(const CallPtr& call, peer::Peer& peer) {
  peer.verify(call->text("content"),
              {.progress =
                   [call](const std::string& name, std::uint64_t done, std::uint64_t size) {
                     call->event({{"stage", "verify"},
                                  {"name", Value::name(name)},
                                  {"done_bytes", done},
                                  {"size", size}});
                   },
               .done =
                   [call](const publishing::Verified& verified) {
                     call->ok({{"name", Value::name(verified.name)},
                               {"id", proto::to_text(verified.id)},
                               {"size", verified.size},
                               {"chunks", verified.chunks},
                               {"bad_chunks", 0},
                               {"path", Value::name(verified.path)}});
                   },
               .refused = [call](const library::Failure& failure) { call->error(failure); }});
}

Value limits_value(const peer::RateLimits& rates) {
  const auto until = rates.until();
  const std::string line = rates.line();
  return {{"up", rates.limits().up.rate},
          {"down", rates.limits().down.rate},
          {"between_sites", rates.limits().between_up.rate},
          {"schedule", line.empty() ? Value() : Value::name(line)},
          {"until", until ? Value(until->time_since_epoch().count()) : Value()}};
}

void limit(const CallPtr& call, peer::RateLimits& rates) {
  const auto given = [&](std::string_view name) {
    const Value& rate = call->params()[name];
    return rate.is_null() ? std::nullopt : std::optional(rate.natural());
  };
  rates.set({given("up"), given("down"), given("between-sites")});
  call->ok(limits_value(rates));
}

Value share_value(const base::Config& config) {
  Value::Array folders;
  for (const std::filesystem::path& folder : config.share)
    folders.push_back(Value::name(folder.string()));
  return folders;
}

void peers(const CallPtr& call, const net::SessionSet& sessions, const links::Links& links) {
  Value::Array distrusted;
  for (const links::Links::Distrusted& peer : links.distrusted())
    distrusted.push_back(
        {{"name", Value::name(peer.name)},
         {"id", to_text(peer.id)},
         {"for_s",
          std::chrono::ceil<std::chrono::seconds>(peer.until - io::Clock::now()).count()}});
  Value::Array rows;
  sessions.each_ready([&](const net::Session& session) { rows.push_back(peer_value(session)); });
  call->ok({{"peers", std::move(rows)}, {"distrusted", std::move(distrusted)}});
}

} // namespace

PeerCommands::PeerCommands(Dispatcher& dispatcher, Node& node, peer::Peer& peer)
    : copy_waits_(node.loop, peer.trackers())
    , streams_(node.loop)
    , watchers_(followed_by(peer))
    , doctor_(node, peer) {
  bind_own(dispatcher, node, peer);
  bind_catalog(dispatcher, streams_, peer);
  bind_chunks(dispatcher, peer);
  bind_discover(dispatcher, node, peer);
  dispatcher.bind("doctor", [this](const CallPtr& call) { doctor_.examine(call); });
  bind_ping(dispatcher, node, peer);
  bind_watch(dispatcher, watchers_, peer);
  bind_joining(dispatcher, peer.membership());
  bind_transfers(dispatcher, peer.transfers());
}

void PeerCommands::bind_own(Dispatcher& dispatcher, Node& node, peer::Peer& peer) {
  dispatcher.bind("status", [&](const CallPtr& call) {
    Value status = status_of(node);
    status.set("trackers", trackers_value(peer.trackers()));
    status.set("contents", peer.library().size());
    status.set("open_files", disk::open_files().count());
    status.set("manifest_bytes", disk::manifest_memory().bytes());
    status.set("share", share_value(node.config));
    status.set("limits", limits_value(peer.rate_limits()));
    status.set("troubles", troubles_value(peer));
    call->ok(std::move(status));
  });
  dispatcher.bind("peers", [&](const CallPtr& call) { peers(call, node.sessions, peer.links()); });
  dispatcher.bind("publish",
                  [this, &peer](const CallPtr& call) { publish(call, peer, copy_waits_); });
  dispatcher.bind("unpublish", [&](const CallPtr& call) {
    peer.unpublish(
        call->text("content"),
        [call](const library::Item& withdrawn) {
          call->ok({{"name", Value::name(withdrawn.names.begin()->first)},
                    {"id", proto::to_text(withdrawn.id)}});
        },
        [call](const library::Failure& failure) { call->error(failure); });
  });
  dispatcher.bind("verify", [&](const CallPtr& call) { verify(call, peer); });
  dispatcher.bind("limit", [&](const CallPtr& call) { limit(call, peer.rate_limits()); });
  dispatcher.bind("delay", [&](const CallPtr& call) {
    peer.limits().delay = io::milliseconds(call->params()["delay"].natural());
    call->ok({{"delay_ms", peer.limits().delay.count()}});
  });
  dispatcher.bind("bans", [&](const CallPtr& call) { bans(call, peer.bans()); });
}

} // namespace p2pd::control
