#include "ctl/top/view.hpp"

#include "ctl/render/cells.hpp"
#include "ctl/render/text.hpp"
#include "ctl/render/units.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace p2pd::ctl::top {

namespace {

using proto::Value;
using Rows = std::vector<Row>;

constexpr std::size_t id_columns = 6;
constexpr std::size_t name_columns = 24;

Style style_of(const Window& window) {
  Style style;
  style.utf8 = window.utf8;
  return style;
}

std::string rate_text(const std::optional<std::uint64_t>& rate) {
  return padded_left(rate ? human_rate(*rate) : "-", 10);
}

std::string trackers_text(const Value& status) {
  const Value::Array& trackers = list_of(status["trackers"]);
  const auto connected = std::ranges::count_if(
      trackers, [](const Value& tracker) { return tracker["state"] == Value("connected"); });
  return "trackers: " + std::to_string(connected) + " of " + std::to_string(trackers.size());
}

std::string daemon_line(const Model& model) {
  const Value& status = model.status();
  std::string line = text_of(status["role"]) + ' ' + text_of(status["name"]);
  line += ", contents: " + text_of(status["contents"]) + ", ";
  line += model.tracker() ? "peers: " + text_of(status["peers"]) : trackers_text(status);
  return line + ", up " + duration_cell(status["uptime_s"]).text;
}

std::string rate_line(std::string_view title, const Meter& meter, const Value& total,
                      const Window& window) {
  const std::string figures = rate_text(meter.rate()) + ", " + size_cell(total).text + " in all";
  const std::size_t taken = title.size() + 2 + 29;
  const std::size_t columns = window.columns > taken ? window.columns - taken : 0;
  return std::string(title) + ' ' + sparkline(meter, columns, window.utf8) + ' ' + figures;
}

std::string transfer_line(const Transfer& transfer, const Window& window) {
  const std::size_t columns = std::max(window.columns, id_columns + 22) - id_columns - 2;
  return padded_left(transfer.id, id_columns) + "  " +
         bar_line(transfer.bar, columns, std::min(name_columns, columns / 4), style_of(window));
}

Tint tint_of(const Transfer& transfer) {
  if (transfer.bar.state == Bar::State::done) return Tint::good;
  if (transfer.bar.state == Bar::State::failed) return Tint::bad;
  return transfer.bar.state == Bar::State::running ? Tint::none : Tint::faint;
}

std::string peer_cells(std::string_view name, std::string_view address, std::string_view rtt,
                       std::string_view down, std::string_view up) {
  return padded_right(cut(name, name_columns), name_columns) + "  " +
         padded_right(cut(address, 21), 21) + padded_left(rtt, 9) + "  " + padded_left(down, 10) +
         "  " + padded_left(up, 10);
}

std::string peer_line(const Peer& peer, bool of_tracker) {
  const std::string rtt = peer.rtt_ms ? human_milliseconds(*peer.rtt_ms) : "-";
  if (of_tracker) return peer_cells(peer.name, peer.address, rtt, peer.version, "");
  return peer_cells(peer.name, peer.address, rtt, rate_text(peer.down), rate_text(peer.up));
}

std::string count_of(std::string_view noun, std::size_t count, std::size_t shown) {
  std::string text = std::string(noun) + ": " + std::to_string(count);
  if (shown < count) text += ", " + std::to_string(shown) + " shown";
  return text;
}

// The selected one is always among those that are shown.
void add_transfers(Rows& rows, const Model& model, const std::string& selected, std::size_t room,
                   const Window& window) {
  const std::vector<Transfer>& transfers = model.transfers();
  const std::size_t shown = std::min(room, transfers.size());
  rows.push_back({count_of("TRANSFERS", transfers.size(), shown), Tint::heading});
  const auto chosen = std::ranges::find(transfers, selected, &Transfer::id);
  const auto at = static_cast<std::size_t>(chosen - transfers.begin());
  const std::size_t first = at < shown || at == transfers.size() ? 0 : at + 1 - shown;
  for (std::size_t i = first; i < first + shown; ++i)
    rows.push_back({transfer_line(transfers[i], window), tint_of(transfers[i]), i == at});
}

void add_peers(Rows& rows, const Model& model, std::size_t room) {
  const std::vector<Peer>& peers = model.peers();
  const std::size_t shown = std::min(room, peers.size());
  rows.push_back({peer_cells(count_of("PEERS", peers.size(), shown), "ADDRESS", "RTT",
                             model.tracker() ? "VERSION" : "DOWN", model.tracker() ? "" : "UP"),
                  Tint::heading});
  for (std::size_t i = 0; i < shown; ++i)
    rows.push_back({peer_line(peers[i], model.tracker()), Tint::none});
}

std::string keys_line(const Model& model) {
  std::string rest = "s sort (" + std::string(to_text(model.order())) + ")  q quit";
  if (model.tracker()) return rest;
  return "Up Down select  p pause  r resume  c cancel  f forget  " + rest;
}

} // namespace

std::string sparkline(const Meter& meter, std::size_t columns, bool utf8) {
  constexpr std::array<std::string_view, 8> blocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr std::array<std::string_view, 8> ascii{"_", ".", ":", "-", "=", "+", "*", "#"};
  columns = std::min(columns, Meter::most_rates);
  const auto& rates = meter.rates();
  const std::size_t count = std::min(columns, rates.size());
  std::string line(columns - count, ' ');
  std::uint64_t most = 1;
  for (std::size_t i = rates.size() - count; i < rates.size(); ++i) most = std::max(most, rates[i]);
  for (std::size_t i = rates.size() - count; i < rates.size(); ++i) {
    const double share = static_cast<double>(rates[i]) / static_cast<double>(most);
    line += (utf8 ? blocks : ascii)[static_cast<std::size_t>(std::lround(share * 7))];
  }
  return line;
}

std::vector<Row> drawn(const Model& model, const std::string& selected, const std::string& note,
                       const Window& window) {
  const Value& totals = model.status()["totals"];
  Rows rows{{daemon_line(model), Tint::heading}};
  const auto room_beside = [&](std::size_t taken) {
    return window.rows - std::min(window.rows, taken);
  };
  if (model.tracker()) {
    rows.emplace_back();
    add_peers(rows, model, room_beside(4)); // the daemon, a blank, a heading, the keys
  } else {
    rows.push_back({rate_line("down", model.down(), totals["down_bytes"], window), Tint::busy});
    rows.push_back({rate_line("up  ", model.up(), totals["up_bytes"], window), Tint::good});
    rows.emplace_back();
    const std::size_t room = room_beside(8); // as above, two rates, one more blank and heading
    const std::size_t peers = std::min(model.peers().size(), room / 2);
    const std::size_t transfers = std::min(model.transfers().size(), room - peers);
    add_transfers(rows, model, selected, transfers, window);
    rows.emplace_back();
    add_peers(rows, model, room - transfers);
  }
  rows.resize(std::max<std::size_t>(window.rows, 1) - 1);
  rows.push_back(note.empty() ? Row{keys_line(model), Tint::faint} : Row{note, Tint::heading});
  for (Row& row : rows) row.text = cut(row.text, window.columns, ellipsis(style_of(window)));
  return rows;
}

} // namespace p2pd::ctl::top
