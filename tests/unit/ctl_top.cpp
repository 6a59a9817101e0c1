#include "ctl/top/view.hpp"

#include "ctl/render/text.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace p2pd::ctl::top {
namespace {

using proto::Value;

constexpr std::uint64_t mib = 1024 * 1024;

Time second(int number) {
  return Time(std::chrono::seconds(100 + number));
}

Value status(const char* role, std::uint64_t up, std::uint64_t down) {
  return {{"role", role},
          {"name", "alice"},
          {"contents", 4},
          {"peers", 2},
          {"uptime_s", 60},
          {"trackers", Value::Array{Value{{"state", "connected"}}, Value{{"state", "refused"}}}},
          {"totals", Value{{"up_bytes", up}, {"down_bytes", down}}}};
}

Value transfer(const char* id, const char* name, const char* state, std::uint64_t rate) {
  return {{"id", id},     {"name", name}, {"state", state}, {"stage", "fetch"}, {"done_bytes", 50},
          {"size", 100U}, {"rate", rate}, {"eta_s", 2},     {"sources", 1},     {"error", Value()}};
}

Value peer(const char* name, std::uint64_t up, std::uint64_t down) {
  return {{"name", name},      {"id", std::string("id-") + name}, {"address", "192.0.2.7:7440"},
          {"rtt_ms", 0.5},     {"version", "p2pd/0.1.0"},         {"up_bytes", up},
          {"down_bytes", down}};
}

std::vector<std::string> names(const std::vector<Peer>& peers) {
  std::vector<std::string> found;
  for (const Peer& peer : peers) found.push_back(peer.name);
  return found;
}

std::vector<std::string> ids(const std::vector<Transfer>& transfers) {
  std::vector<std::string> found;
  for (const Transfer& transfer : transfers) found.push_back(transfer.id);
  return found;
}

using Texts = std::vector<std::string>;

Texts texts(const std::vector<Row>& rows) {
  Texts found;
  for (const Row& row : rows)
    found.push_back(row.text.substr(0, row.text.find_last_not_of(' ') + 1));
  return found;
}

TEST(TopMeter, TellsTheRateBetweenTwoLooks) {
  Meter meter;
  meter.look(100, second(0));
  EXPECT_EQ(meter.rate(), std::nullopt);
  meter.look(300, second(2));
  EXPECT_EQ(meter.rate(), 100U);
  meter.look(300, second(3));
  EXPECT_EQ(meter.rate(), 0U);
  meter.look(50, second(4)); // the daemon was started anew
  EXPECT_EQ(meter.rate(), 50U);
  meter.look(60, second(4));
  EXPECT_EQ(meter.rates().size(), 3U);
  for (int i = 5; i < 100; ++i) meter.look(50, second(i));
  EXPECT_EQ(meter.rates().size(), Meter::most_rates);
}

TEST(TopMeter, IsDrawnAgainstItsHighest) {
  Meter meter;
  EXPECT_EQ(sparkline(meter, 4, true), "    ");
  std::uint64_t count = 0;
  meter.look(0, second(0));
  for (const std::uint64_t rate : {0, 10, 70, 35}) {
    static int at = 0;
    meter.look(count += rate, second(++at));
  }
  EXPECT_EQ(sparkline(meter, 6, true), "  ▁▂█▅");
  EXPECT_EQ(sparkline(meter, 2, true), "█▅");
  EXPECT_EQ(sparkline(meter, 6, false), "  _.#=");
  EXPECT_EQ(sparkline(meter, 0, true), "");
}

TEST(TopModel, SortsWhatItShows) {
  Model model;
  const Value::Array transfers{transfer("1", "b", "done", 0), transfer("2", "c", "running", 5),
                               transfer("3", "a", "running", 9), transfer("10", "d", "paused", 0)};
  model.take_transfers({{"transfers", transfers}});
  EXPECT_EQ(ids(model.transfers()), (Texts{"3", "2", "10", "1"}));
  model.sort_by(Order::name);
  EXPECT_EQ(ids(model.transfers()), (Texts{"3", "2", "10", "1"}));
  model.sort_by(Order::age);
  EXPECT_EQ(ids(model.transfers()), (Texts{"1", "2", "3", "10"}));
  model.sort_by(Order::rate);

  const auto look = [&](std::uint64_t nas, std::uint64_t zoo, int at) {
    const Value::Array peers{peer("nas", 0, nas), peer("zoo", zoo, 0)};
    model.take_peers({{"peers", peers}}, second(at));
  };
  look(1000, 0, 0);
  EXPECT_EQ(names(model.peers()), (Texts{"nas", "zoo"}));
  look(1010, 90, 1);
  EXPECT_EQ(names(model.peers()), (Texts{"zoo", "nas"}));
  EXPECT_EQ(model.peers().front().up, 90U);
  EXPECT_EQ(model.peers().back().down, 10U);
  model.sort_by(Order::name);
  EXPECT_EQ(names(model.peers()), (Texts{"nas", "zoo"}));
}

Model busy_peer() {
  Model model;
  model.take_status(status("peer", 0, 0), second(0));
  model.take_status(status("peer", mib, 2 * mib), second(1));
  model.take_transfers({{"transfers", Value::Array{transfer("3", "漢字.iso", "running", 50),
                                                   transfer("4", "b\nc", "queued", 0)}}});
  model.take_peers({{"peers", Value::Array{peer("nas", 0, 0)}}}, second(0));
  return model;
}

TEST(TopView, FillsAWindow) {
  const std::vector<Row> rows = drawn(busy_peer(), "4", "", {80, 12, true});
  EXPECT_EQ(
      texts(rows),
      (Texts{"peer alice, contents: 4, trackers: 1 of 2, up 1 min",
             "down                                             █    2 MiB/s, 2 MiB in all",
             "up                                               █    1 MiB/s, 1 MiB in all", "",
             "TRANSFERS: 2",
             "     3  漢字.iso            █████░░░░░   50%         50/100 B      50 B/s  0:02",
             "     4  b\\nc                █████░░░░░   50%         50/100 B", "",
             "PEERS: 1                  ADDRESS                    RTT        DOWN          UP",
             "nas                       192.0.2.7:7440         0.50 ms           -           -", "",
             "Up Down select  p pause  r resume  c cancel  f forget  s sort (rate)  q quit"}));
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i].selected, i == 6);
}

TEST(TopView, FitsIntoAnyWindow) {
  Model model = busy_peer();
  Value::Array many;
  for (int i = 0; i < 50; ++i)
    many.push_back(transfer(std::to_string(i).c_str(), "x", "running", 1));
  model.take_transfers({{"transfers", many}});
  for (const std::size_t rows : {1, 2, 5, 8, 9, 24, 50})
    for (const std::size_t columns : {1, 10, 79, 200}) {
      const std::vector<Row> shown = drawn(model, "49", "", {columns, rows, true});
      EXPECT_EQ(shown.size(), rows);
      for (const Row& row : shown) EXPECT_LE(width_of(row.text), columns);
      const auto marked = std::ranges::count_if(shown, [](const Row& row) { return row.selected; });
      EXPECT_EQ(marked, rows > 8 ? 1 : 0) << rows;
    }
}

TEST(TopView, SaysWhatIsToBeSaid) {
  EXPECT_EQ(texts(drawn(busy_peer(), "", "paused", {80, 24, true})).back(), "paused");
}

TEST(TopView, OfATrackerHasItsPeers) {
  Model model;
  model.take_status(status("tracker", 0, 0), second(0));
  model.take_peers({{"peers", Value::Array{peer("nas", 0, 0), peer("zoo", 0, 0)}}}, second(0));
  EXPECT_EQ(texts(drawn(model, "", "", {80, 6, true})),
            (Texts{"tracker alice, contents: 4, peers: 2, up 1 min", "",
                   "PEERS: 2                  ADDRESS                    RTT     VERSION",
                   "nas                       192.0.2.7:7440         0.50 ms  p2pd/0.1.0",
                   "zoo                       192.0.2.7:7440         0.50 ms  p2pd/0.1.0",
                   "s sort (rate)  q quit"}));
}

} // namespace
} // namespace p2pd::ctl::top
