#include "tests/sim/scenario.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace p2pd::sim {

namespace {

using Words = std::istringstream;

std::string word(Words& words, const char* what) {
  std::string found;
  if (!(words >> found)) throw std::runtime_error(std::string("it lacks ") + what);
  return found;
}

double number(const std::string& text, const std::map<std::string, double>& units) {
  std::size_t length = 0;
  double value = 0;
  try {
    value = std::stod(text, &length);
  } catch (const std::logic_error&) {
    throw std::runtime_error("\"" + text + "\" is no number");
  }
  const auto unit = units.find(text.substr(length));
  if (unit == units.end()) throw std::runtime_error("\"" + text + "\" has no unit that fits");
  return value * unit->second;
}

double ratio(Words& words) {
  return number(word(words, "a number"), {{"", 1}});
}

std::uint64_t size(Words& words) {
  return static_cast<std::uint64_t>(number(
      word(words, "a size"),
      {{"B", 1}, {"KiB", 0x1p10}, {"MiB", 0x1p20}, {"GiB", 0x1p30}, {"MB", 1e6}, {"GB", 1e9}}));
}

double rate(Words& words) {
  return number(word(words, "a rate"),
                {{"kbit", 125}, {"Mbit", 125e3}, {"Gbit", 125e6}, {"MB", 1e6}, {"GB", 1e9}});
}

Duration duration(const std::string& text) {
  const double found = number(text, {{"us", 1e-6}, {"ms", 1e-3}, {"s", 1}});
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(found));
}

Moments moments(Words& words) {
  const std::string text = word(words, "two moments");
  const std::size_t between = text.find("..");
  if (between == std::string::npos) return {duration(text), duration(text)};
  return {duration(text.substr(0, between)), duration(text.substr(between + 2))};
}

std::uint32_t count(Words& words) {
  return static_cast<std::uint32_t>(ratio(words));
}

class Reader {
 public:
  Scenario take(std::istream& text) {
    std::string line;
    for (unsigned number = 1; std::getline(text, line); ++number) try {
        const std::size_t comment = line.find('#');
        if (comment == 0 && made_.title.empty() && line.size() > 2) made_.title = line.substr(2);
        Words words(line.substr(0, comment));
        for (std::string what; words >> what;) statement(what, words);
      } catch (const std::runtime_error& error) {
        throw std::runtime_error("line " + std::to_string(number) + ": " + error.what());
      }
    if (made_.content.size == 0 || made_.groups.empty())
      throw std::runtime_error("it lacks a content, or hosts");
    return std::move(made_);
  }

 private:
  void statement(const std::string& what, Words& words) {
    if (what == "content")
      made_.content.size = size(words);
    else if (what == "chunk")
      made_.content.chunk_size = static_cast<std::uint32_t>(size(words));
    else if (what == "wire")
      while (words >> std::ws && !words.eof()) wire(word(words, "a word"), words);
    else if (what == "site")
      site(words);
    else if (what == "hosts")
      hosts(words);
    else if (what == "lacks")
      lacks(word(words, "what"));
    else if (what == "order")
      order(word(words, "an order"));
    else if (what == "seed")
      made_.seed = count(words);
    else if (what == "within")
      within(word(words, "what"), words);
    else
      throw std::runtime_error("\"" + what + "\" is no statement");
  }

  void wire(const std::string& what, Words& words) {
    Wire& wire = made_.wire;
    if (what == "latency")
      wire.latency = duration(word(words, "a time"));
    else if (what == "buffer")
      wire.buffer = duration(word(words, "a time"));
    else if (what == "between-sites")
      wire.site_latency = duration(word(words, "a time"));
    else if (what == "quantum")
      wire.quantum = static_cast<std::uint32_t>(size(words));
    else if (what == "congestion")
      wire.congestion = word(words, "on or off") == "on";
    else
      throw std::runtime_error("\"" + what + "\" is no word of a wire");
  }

  void site(Words& words) {
    const std::string name = word(words, "a name");
    Rates rates;
    for (std::string what; words >> what;)
      if (what == "up")
        rates.up = rate(words);
      else if (what == "down")
        rates.down = rate(words);
      else
        throw std::runtime_error("\"" + what + "\" is no word of a site");
    made_.sites.emplace_back(name, rates);
  }

  void hosts(Words& words) {
    Group group;
    group.name = word(words, "a name");
    group.count = count(words);
    for (std::string what; words >> what;)
      if (what == "up")
        group.rates.up = rate(words);
      else if (what == "down")
        group.rates.down = rate(words);
      else if (what == "seeds")
        group.seeds = true;
      else if (what == "slots")
        group.slots = count(words);
      else if (what == "joins")
        group.joins = moments(words);
      else if (what == "leaves")
        group.leaves = moments(words);
      else if (what == "mutes")
        group.mutes = moments(words);
      else if (what == "site")
        group.site = site_of(word(words, "a site"));
      else
        throw std::runtime_error("\"" + what + "\" is no word of hosts");
    if (group.rates.up <= 0 || group.rates.down <= 0) throw std::runtime_error("it lacks a rate");
    made_.groups.push_back(group);
  }

  std::uint32_t site_of(const std::string& name) {
    const auto at = std::ranges::find(made_.sites, name, &std::pair<std::string, Rates>::first);
    if (at == made_.sites.end()) throw std::runtime_error("there is no site " + name);
    return static_cast<std::uint32_t>(at - made_.sites.begin());
  }

  void lacks(const std::string& what) {
    if (what == "rarest-first")
      made_.handicap.random_picks = true;
    else if (what == "races")
      made_.handicap.no_races = true;
    else if (what == "refusals")
      made_.handicap.any_copy = true;
    else if (what == "holds")
      made_.no_holds = true;
    else if (what.starts_with("window="))
      made_.handicap.window = static_cast<std::uint32_t>(number(what.substr(7), {{"", 1}}));
    else
      throw std::runtime_error("nothing can lack " + what);
  }

  void order(const std::string& what) {
    if (what != "in-order") throw std::runtime_error("\"" + what + "\" is no order");
    made_.order = swarm::Order::in_order;
  }

  void within(const std::string& what, Words& words) {
    Within& within = made_.within;
    if (what == "last")
      within.last = ratio(words);
    else if (what == "copies")
      within.copies = ratio(words);
    else if (what == "crossing")
      within.crossing = ratio(words);
    else if (what == "median")
      within.median = ratio(words);
    else
      throw std::runtime_error("\"" + what + "\" is no figure");
  }

  Scenario made_;
};

} // namespace

Scenario read_scenario(std::istream& text) {
  return Reader().take(text);
}

Scenario load_scenario(const std::string& path) try {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("it cannot be read");
  return read_scenario(file);
} catch (const std::runtime_error& error) {
  throw std::runtime_error(path + ": " + error.what());
}

} // namespace p2pd::sim
