#include "integrity/diff.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

namespace gander::integrity {
namespace {

constexpr int kMostDifferences = 1024;  // beyond it the piece between is shown as one change
constexpr size_t kMostSent = 4095;
constexpr size_t kFullFrom = 4000;
constexpr int kMostLines = 20;

// Lines without their ends; `open_end` when the last one has none.
struct Lines {
  std::vector<std::string_view> text;
  bool open_end = false;
};

Lines split(std::string_view text) {
  Lines out;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    out.text.push_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      out.open_end = true;
      break;
    }
    text.remove_prefix(end + 1);
  }
  return out;
}

struct Side {
  std::vector<int> ids;  // equal lines have equal numbers
  std::vector<char> changed;
  int size() const { return static_cast<int>(ids.size()); }
};

// Marks what is not common to both in [a0, a1) and [b0, b1): Myers' greedy search, its path kept to walk back.
class Search {
 public:
  Search(Side& a, Side& b) : a_(a), b_(b) {}

  void mark(int a0, int a1, int b0, int b1) {
    a0_ = a0;
    b0_ = b0;
    n_ = a1 - a0;
    m_ = b1 - b0;
    if (n_ == 0 || m_ == 0 || !find()) {
      std::fill(a_.changed.begin() + a0, a_.changed.begin() + a1, 1);
      std::fill(b_.changed.begin() + b0, b_.changed.begin() + b1, 1);
    }
  }

 private:
  bool find() {
    const int most = std::min(n_ + m_, kMostDifferences);
    const int offset = most + 1;
    std::vector<int> reach(static_cast<size_t>(2 * offset + 1), 0);
    std::vector<std::vector<int>> trail;
    for (int d = 0; d <= most; ++d) {
      trail.emplace_back(reach.begin() + (offset - d - 1), reach.begin() + (offset + d + 2));
      for (int k = -d; k <= d; k += 2) {
        int x = down(reach, offset, d, k) ? at(reach, offset, k + 1) : at(reach, offset, k - 1) + 1;
        int y = x - k;
        while (x < n_ && y < m_ && x >= 0 && y >= 0 && same(x, y)) ++x, ++y;
        reach[static_cast<size_t>(offset + k)] = x;
        if (x >= n_ && y >= m_) {
          walk_back(trail, d);
          return true;
        }
      }
    }
    return false;
  }

  static int at(const std::vector<int>& reach, int offset, int k) { return reach[static_cast<size_t>(offset + k)]; }
  static bool down(const std::vector<int>& reach, int offset, int d, int k) {
    return k == -d || (k != d && at(reach, offset, k - 1) < at(reach, offset, k + 1));
  }
  bool same(int x, int y) const { return a_.ids[static_cast<size_t>(a0_ + x)] == b_.ids[static_cast<size_t>(b0_ + y)]; }

  void walk_back(const std::vector<std::vector<int>>& trail, int d) {
    int x = n_;
    int y = m_;
    for (; d > 0; --d) {
      // trail[d] holds the reach before round d, from -d-1 to d+1.
      const std::vector<int>& reach = trail[static_cast<size_t>(d)];
      const int k = x - y;
      const bool insert = down(reach, d + 1, d, k);
      const int from = insert ? k + 1 : k - 1;
      x = at(reach, d + 1, from);
      y = x - from;
      if (insert && y >= 0 && y < m_) b_.changed[static_cast<size_t>(b0_ + y)] = 1;
      if (!insert && x >= 0 && x < n_) a_.changed[static_cast<size_t>(a0_ + x)] = 1;
    }
  }

  Side& a_;
  Side& b_;
  int a0_ = 0;
  int b0_ = 0;
  int n_ = 0;
  int m_ = 0;
};

// Of equally small differences the one that people expect: a run of changed lines stands as far down as it can, so that
// a repeated block shows as added at its end.
void slide_down(Side& side, const Side& other) {
  const int size = side.size();
  int peer = 0;  // line of `other` that goes with the next unchanged line
  const auto changed = [&](int i) { return side.changed[static_cast<size_t>(i)] != 0; };
  for (int i = 0; i < size;) {
    while (peer < other.size() && other.changed[static_cast<size_t>(peer)]) ++peer;
    if (!changed(i)) {
      ++i;
      ++peer;
      continue;
    }
    int end = i;
    while (end < size && changed(end)) ++end;
    const auto id = [&](int at) { return side.ids[static_cast<size_t>(at)]; };
    // A replaced run has its lines on the other side; only a pure one may move.
    while (end < size && id(i) == id(end) && (peer == 0 || !other.changed[static_cast<size_t>(peer) - 1]) &&
           (peer + 1 >= other.size() || !other.changed[static_cast<size_t>(peer) + 1])) {
      side.changed[static_cast<size_t>(i++)] = 0;
      side.changed[static_cast<size_t>(end++)] = 1;
      ++peer;
      while (end < size && changed(end)) ++end;
    }
    i = end;
  }
}

void append_range(std::string& out, int from, int to) {
  out += std::to_string(from);
  if (to > from) out += "," + std::to_string(to);
}

void append_lines(std::string& out, const Lines& lines, int from, int to, const char* mark) {
  for (int i = from; i < to; ++i) {
    out.append(mark).append(lines.text[static_cast<size_t>(i)]).append("\n");
    if (lines.open_end && i + 1 == static_cast<int>(lines.text.size())) out += "\\ No newline at end of file\n";
  }
}

std::string render(const Lines& old_lines, const Lines& new_lines, const Side& a, const Side& b) {
  std::string out;
  int i = 0;
  int j = 0;
  while (i < a.size() || j < b.size()) {
    const int a0 = i;
    const int b0 = j;
    while (i < a.size() && a.changed[static_cast<size_t>(i)]) ++i;
    while (j < b.size() && b.changed[static_cast<size_t>(j)]) ++j;
    if (i == a0 && j == b0) {
      ++i;
      ++j;
      continue;
    }
    if (i > a0) {
      append_range(out, a0 + 1, i);
    } else {
      out += std::to_string(a0);
    }
    out += i == a0 ? 'a' : j == b0 ? 'd' : 'c';
    if (j > b0) {
      append_range(out, b0 + 1, j);
    } else {
      out += std::to_string(b0);
    }
    out += '\n';
    append_lines(out, old_lines, a0, i, "< ");
    if (i > a0 && j > b0) out += "---\n";
    append_lines(out, new_lines, b0, j, "> ");
  }
  return out;
}

}  // namespace

std::string line_difference(std::string_view old_text, std::string_view new_text) {
  if (old_text == new_text) return {};
  const Lines old_lines = split(old_text);
  const Lines new_lines = split(new_text);
  std::unordered_map<std::string_view, int> numbers;
  const auto side_of = [&](const Lines& lines) {
    Side side;
    for (const std::string_view line : lines.text) {
      side.ids.push_back(numbers.emplace(line, static_cast<int>(numbers.size())).first->second);
    }
    // A line without an end is another line than one with it.
    if (lines.open_end) side.ids.back() = -1 - side.ids.back();
    side.changed.assign(side.ids.size(), 0);
    return side;
  };
  Side a = side_of(old_lines);
  Side b = side_of(new_lines);
  int first = 0;
  const auto at = [](const Side& s, int i) { return s.ids[static_cast<size_t>(i)]; };
  while (first < a.size() && first < b.size() && at(a, first) == at(b, first)) ++first;
  int a_end = a.size();
  int b_end = b.size();
  while (a_end > first && b_end > first && at(a, a_end - 1) == at(b, b_end - 1)) --a_end, --b_end;
  Search(a, b).mark(first, a_end, first, b_end);
  slide_down(a, b);
  slide_down(b, a);
  return render(old_lines, new_lines, a, b);
}

std::string shortened_difference(std::string_view difference) {
  std::string_view out = difference.substr(0, kMostSent);
  if (out.size() >= kFullFrom && !difference.ends_with('\n')) out = out.substr(0, out.rfind('\n'));
  if (difference.size() > kMostSent) out = out.substr(0, out.rfind('\n'));
  size_t line_end = 0;
  int lines = 0;
  for (size_t i = 0; i < out.size() && lines < kMostLines; ++i) {
    if (out[i] == '\n' && ++lines == kMostLines) line_end = i;
  }
  if (lines == kMostLines && line_end + 1 < out.size()) out = out.substr(0, line_end);
  std::string text(out);
  if (out.size() < difference.size()) text += "\n... diff was truncated ...";
  return text;
}

}  // namespace gander::integrity
