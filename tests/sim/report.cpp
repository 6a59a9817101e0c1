#include "tests/sim/report.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdio>

namespace p2pd::sim {

namespace {

std::string text(const char* format, ...) __attribute__((format(printf, 1, 2)));
std::string text(const char* format, ...) {
  char line[400];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  return line;
}

double at_part(const std::vector<double>& sorted, double part) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

void hold(Result& result, const char* what, double found, const std::optional<double>& most) {
  if (most && found > *most)
    result.broken.push_back(text("%s is %.2f, above %.2f", what, found, *most));
}

} // namespace

double bound(const Scenario& scenario) {
  const auto size = static_cast<double>(scenario.content.size);
  double sources = 0, all = 0, receivers = 0, slowest = 0;
  for (const Group& group : scenario.groups) {
    all += group.count * group.rates.up;
    if (group.seeds) {
      sources += group.count * group.rates.up;
    } else {
      receivers += group.count;
      slowest = std::max(slowest, size / group.rates.down);
    }
  }
  double least = std::max({size / sources, slowest, receivers * size / all});
  for (std::uint32_t site = 1; site < scenario.sites.size(); ++site) {
    const double ingress = scenario.sites[site].second.down;
    double inside = 0, up = 0;
    bool has_source = ingress == 0;
    for (const Group& group : scenario.groups) {
      if (group.site != site) continue;
      has_source = has_source || group.seeds;
      inside += group.count;
      up += group.count * group.rates.up;
    }
    if (!has_source && inside > 0)
      least = std::max({least, size / ingress, inside * size / (ingress + up)});
  }
  return least;
}

Result judge(const World& world, const std::string& name, bool complete, double wall) {
  const Scenario& scenario = world.scenario();
  Result result{.name = name, .title = scenario.title, .complete = complete, .broken = {}};
  std::vector<double> times;
  std::uint64_t received = 0, useful = 0, seeded = 0;
  for (const Host& host : world.hosts()) {
    received += host.received();
    if (host.seeds()) {
      seeded += host.sent();
      continue;
    }
    useful += std::uint64_t{host.have().count()} * scenario.content.chunk_size;
    ++result.receivers;
    if (host.done()) times.push_back(swarm::seconds(*host.done() - host.joined()));
  }
  std::ranges::sort(times);
  const auto size = static_cast<double>(scenario.content.size);
  result.bound = bound(scenario);
  result.last = times.empty() ? 0 : times.back();
  result.median = at_part(times, 0.5);
  result.percentile = at_part(times, 0.99);
  result.copies = static_cast<double>(seeded) / size;
  result.twice =
      received > useful ? 1 - static_cast<double>(useful) / static_cast<double>(received) : 0;
  for (std::uint32_t site = 1; site < scenario.sites.size(); ++site)
    result.crossing =
        std::max(result.crossing, static_cast<double>(world.network().carried_into(site)) / size);
  result.wall = wall;
  result.events = world.events();
  if (!complete) result.broken.push_back("not everybody has everything");
  hold(result, "the last host's time over the bound", result.score(), scenario.within.last);
  hold(result, "what the seeders sent, in copies,", result.copies, scenario.within.copies);
  hold(result, "what went into a site, in copies,", result.crossing, scenario.within.crossing);
  hold(result, "the last host's time over the median", result.last / result.median,
       scenario.within.median);
  return result;
}

std::string heading() {
  return text("%-22s %6s %8s %8s %6s %8s %8s %7s %6s %6s %10s %7s", "scenario", "hosts", "bound",
              "last", "ratio", "median", "p99", "copies", "twice", "cross", "events", "took");
}

std::string row(const Result& r) {
  return text("%-22s %6zu %7.2fs %7.2fs %6.2f %7.2fs %7.2fs %7.2f %5.1f%% %6.2f %10llu %6.1fs",
              r.name.c_str(), r.receivers, r.bound, r.last, r.score(), r.median, r.percentile,
              r.copies, 100 * r.twice, r.crossing, static_cast<unsigned long long>(r.events),
              r.wall);
}

} // namespace p2pd::sim
