#include "daemon/control/node.hpp"

#include "daemon/base/log.hpp"
#include "proto/manifest.hpp"

#include <fmt/chrono.h>

namespace p2pd::control {

double milliseconds_of(io::Clock::duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

std::string timestamp(std::int64_t unix_seconds) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time_t{unix_seconds}));
}

// From the monotonic clock that everything inside runs on.
std::string timestamp(io::Time time) {
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(io::Clock::now() - time);
  return timestamp(std::int64_t{std::time(nullptr) - age.count()});
}

namespace {

Value lag_value(const io::Histogram& lag) {
  return {{"p50", milliseconds_of(lag.quantile(0.5))},
          {"p99", milliseconds_of(lag.quantile(0.99))},
          {"p999", milliseconds_of(lag.quantile(0.999))},
          {"max", milliseconds_of(lag.max())}};
}

Value refused_value(const net::Refusals& refusals) {
  Value counts;
  refusals.each([&](std::string_view cause, std::uint64_t count) { counts.set(cause, count); });
  return counts;
}

Value::Array names_value(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

// Where it may be dialled, or else where it is seen.
std::string address_of(const net::Session& session) {
  std::string address = net::most_public(session.info());
  return address.empty() ? session.remote().text() : address;
}

void reload(const CallPtr& call, const Node& node) {
  node.reload([call](const disk::Result<base::ConfigChanges>& changes) {
    if (!changes) return call->error({ExitCode::failed, changes.fault().message, ""});
    call->ok({{"applied", names_value(changes->reloadable)},
              {"restart", names_value(changes->restart)}});
  });
}

void set_log_level(const CallPtr& call) {
  const std::string word = call->text("level");
  const auto level = base::log_level(word);
  if (!level)
    return call->error({ExitCode::usage, '"' + proto::printable(word) + "\" is no log level",
                        "choose from error, warn, info and debug"});
  base::log::set_level(*level);
  call->ok({{"level", base::to_text(*level)}});
}

} // namespace

Value status_of(const Node& node) {
  Value::Array listen(node.listen.begin(), node.listen.end());
  net::Standing standing = net::standing(node.sessions.whereabouts());
  if (standing.scope == net::Scope::machine) standing.addresses.clear(); // for nobody else
  return {
      {"role", to_text(node.config.role)},
      {"name", Value::name(node.config.name)},
      {"id", to_text(node.sessions.id())},
      {"version", P2PD_VERSION},
      {"uptime_s",
       std::chrono::duration_cast<std::chrono::seconds>(io::Clock::now() - node.started).count()},
      {"listen", std::move(listen)},
      {"addresses", Value::Array(standing.addresses.begin(), standing.addresses.end())},
      {"unreachable", standing.lack.empty() ? Value() : Value(standing.lack)},
      {"state_dir", Value::name(node.config.state_dir.string())},
      {"member", node.sessions.member()},
      {"connections", node.sessions.size()},
      {"connections_limit", node.sessions.limit()},
      {"loop_lag_ms", lag_value(node.loop.lag())},
      {"refused", refused_value(node.sessions.refusals())},
      {"totals", Value{{"up_bytes", node.sessions.payload_sent()},
                       {"down_bytes", node.sessions.payload_received()}}}};
}

Value publishers_value(const proto::CatalogEntry& entry) {
  Value::Array publishers;
  for (const proto::Publisher& publisher : entry.publishers)
    publishers.push_back({{"name", Value::name(publisher.name)},
                          {"id", to_text(publisher.id)},
                          {"address", std::string(publisher.address)}});
  return publishers;
}

Value file_value(const proto::CatalogEntry& entry) {
  return {{"name", Value::name(entry.name.bytes)},
          {"id", to_text(entry.content)},
          {"size", entry.size},
          {"chunks", proto::chunk_count(entry.size, entry.chunk_size)},
          {"chunk_size", entry.chunk_size},
          {"sources", entry.sources},
          {"partial", entry.partial},
          {"publishers", publishers_value(entry)},
          {"publishers_total", entry.publishers_total}};
}

Value peer_value(const net::Session& session) {
  const auto rtt = session.rtt();
  return {{"name", Value::name(session.hello().name)},
          {"id", to_text(session.id())},
          {"address", address_of(session)},
          {"role", session.hello().role == proto::Role::tracker ? "tracker" : "peer"},
          {"rtt_ms", rtt ? Value(milliseconds_of(*rtt)) : Value()},
          {"up_bytes", session.payload_sent()},
          {"down_bytes", session.payload_received()},
          {"connected_since", timestamp(session.since())},
          {"version", std::string(session.hello().agent)}};
}

void bind_common(Dispatcher& dispatcher, Node& node) {
  dispatcher.bind("shutdown", [&node](const CallPtr& call) {
    call->ok(Value::Object{});
    node.shut_down();
  });
  dispatcher.bind("reload", [&node](const CallPtr& call) { reload(call, node); });
  dispatcher.bind("log-level", set_log_level);
}

} // namespace p2pd::control
