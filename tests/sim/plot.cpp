#include "tests/sim/plot.hpp"

#include <algorithm>
#include <ostream>

namespace p2pd::sim {

namespace {

constexpr int width = 640, height = 150, left = 60, top = 50, gap = 50;

struct Curve {
  const char* name;
  const char* colour;
  double Glimpse::*value;
};

void panel(std::ostream& out, int number, const std::vector<Glimpse>& glimpses, double bound,
           double most, const std::vector<Curve>& curves) {
  const int at = top + number * (height + gap);
  const double end = std::max(glimpses.back().at, bound);
  const auto x = [&](double seconds) { return left + width * seconds / end; };
  const auto y = [&](double value) { return at + height * (1 - std::min(value / most, 1.0)); };
  out << "<rect x='" << left << "' y='" << at << "' width='" << width << "' height='" << height
      << "' fill='none' stroke='#999'/>\n<text x='" << left - 6 << "' y='" << at + 10
      << "' text-anchor='end'>" << most << "</text>\n<text x='" << left - 6 << "' y='"
      << at + height << "' text-anchor='end'>0</text>\n<line x1='" << x(bound) << "' x2='"
      << x(bound) << "' y1='" << at << "' y2='" << at + height
      << "' stroke='#999' stroke-dasharray='4'/>\n";
  int from_left = left;
  for (const Curve& curve : curves) {
    out << "<text x='" << from_left << "' y='" << at - 6 << "' fill='" << curve.colour << "'>"
        << curve.name << "</text>\n<polyline fill='none' stroke='" << curve.colour << "' points='";
    for (const Glimpse& each : glimpses) out << x(each.at) << ',' << y(each.*curve.value) << ' ';
    out << "'/>\n";
    from_left += 220;
  }
  out << "<text x='" << left + width << "' y='" << at + height + 16 << "' text-anchor='end'>" << end
      << " s</text>\n";
}

} // namespace

void plot(std::ostream& out, const World& world, const Result& result) {
  const std::vector<Glimpse>& glimpses = world.glimpses();
  const auto most = [&](double Glimpse::*value) {
    double found = 1;
    for (const Glimpse& each : glimpses) found = std::max(found, each.*value);
    return found;
  };
  out << "<svg xmlns='http://www.w3.org/2000/svg' width='" << left + width + 20 << "' height='"
      << top + 3 * (height + gap) << "' font-family='sans-serif' font-size='12'>\n"
      << "<rect width='100%' height='100%' fill='white'/>\n<text x='" << left << "' y='20'>"
      << result.name << ": " << result.title << " Dashed: the bound.</text>\n";
  panel(out, 0, glimpses, result.bound, 1,
        {{"hosts that are done", "#06c", &Glimpse::done},
         {"chunks that are there", "#c60", &Glimpse::progress}});
  panel(out, 1, glimpses, result.bound, most(&Glimpse::mean),
        {{"copies of a chunk, on average", "#06c", &Glimpse::mean},
         {"of the rarest", "#c00", &Glimpse::rarest}});
  panel(out, 2, glimpses, result.bound, 1, {{"use of what all can send", "#080", &Glimpse::used}});
  out << "</svg>\n";
}

} // namespace p2pd::sim
