"""Words that say nothing about what a text is about. A list of our own, kept short on purpose:
rare words are recognised by frequency, these are here because every short note has them.
"""

CHINESE = """
    的 了 着 过 和 与 及 跟 同 在 是 对 为 以 等 中 从 到 将 把 被 给 让 由 于 向 往 其 这 那 该
    此 并 且 而 或 但 也 都 就 又 才 还 更 很 太 最 不 没 无 有 上 下 内 外 前 后 里 之 所 吗 呢
    啊 吧 呀 哦 哈 嘛 啦 地 得 个 只 次 去 来 用 做 想 要 会 能 好 真 再 多 少 大 小 家 年 月 日
    天 周 号 点 元 块 第 们 啥 咋 说 看 像 每 各 几 挺 别 我 你 他 她 它 我们 你们 他们 她们
    大家 自己 咱们 人家 别人 这个 那个 这些 那些 这里 那里 这样 那样 这么 那么 什么 怎么 怎样
    如何 为什么 哪里 哪些 多少 几个 一个 一种 一下 一些 一点 一样 一起 一直 一定 一般 有点 有些
    以及 以下 以上 以后 以前 之后 之前 通过 进行 关于 对于 由于 因为 因此 所以 但是 不过 虽然
    如果 而且 并且 或者 还是 还有 就是 不是 都是 只是 可是 真是 于是 而是 可以 可能 应该 需要
    能够 没有 不要 不能 不会 已经 正在 现在 今天 昨天 明天 时候 时间 目前 以来 随着 同时 其中
    其他 其它 及其 之间 方面 情况 问题 主要 重要 基本 具有 存在 使用 采用 利用 应用 结合 根据
    基于 针对 作为 得到 实现 提高 提出 建立 考虑 比较 较 分别 不同 相关 有效 明显 显著 进一步
    本文 文章 研究 分析 探讨 讨论 介绍 综述 阐述 论述 指出 给出 表明 结果 结论 目的 方法 作用
    影响 意义 关系 因素 特征 观察 两组 认为 浅谈 试论 初探 思考 探索 论 谈 觉得 感觉 知道 喜欢
    真的 非常 特别 超级 终于 其实 然后 最后 首先 分享 推荐 记录 来说 而言 起来 出来 的话 东西
    事情 朋友 姐妹 宝子 家人 点击 关注 收藏 点赞
"""
ENGLISH = """
    a about above after again all also am an and any are aren't as at be because been before
    being below between both but by can can't cannot could couldn't day days did didn't do does
    doesn't doing don't down during each even ever every few first for from further gave get
    gets getting give go goes going gone good got great had has have haven't having he her here
    hers him his how i i'd i'll i'm i've if in into is isn't it it's its just last let let's
    like little lot lots made make makes many may me might more most much must my near new next
    no nor not now of off on once one only or other our ours out over own really s same say she
    should since so some still such t than that that's the their theirs them then there these
    they thing things this those three through time times to today too took tried try two under
    until up us use used using very via want wanted was wasn't way we week well went were what
    when where which while who why will with without won't would yes yesterday yet you you're
    your yours
"""
ENGLISH_STOP_WORDS = frozenset(ENGLISH.split())
STOP_WORDS = ENGLISH_STOP_WORDS | frozenset(CHINESE.split())
