"""What can happen to a form, as history names it."""

from audit.events import EXPORTS, Event, register


def register_events() -> None:
    register(
        Event("submission.open", "开放填报，生成填报表", "plain-step"),
        Event("submission.follow_responsibilities", "填报内容随责任分解调整", "fix"),
        Event("submission.ask_for_more", "要求补报新增内容", "bad"),
        Event("submission.retire", "不再填报", "plain-step"),
        Event("submission.take_up", "恢复填报", "plain-step"),
        Event("period.follow_responsibilities", "按责任分解更新填报表", "fix"),
        Event("submission.change_deadline", "变更报送时限", "fix"),
        Event("figure.save", "填写", "plain-step"),
        Event("submission.download_workbook", "下载 Excel 填报表", "plain-step", EXPORTS),
        Event("workbook.upload", "上传 Excel 填报表", "plain-step"),
        Event("submission.take_over_workbook", "采用上传的 Excel", "plain-step"),
        Event("note.save", "填写进展说明", "plain-step"),
        Event("evidence.add", "添加佐证材料", "plain-step"),
        Event("evidence.remove", "移除佐证材料", "plain-step"),
        Event("submission.hand_over", "工作交接，更换经办人", "plain-step"),
        Event("submission.send_to_head", "送单位负责人确认"),
        Event("submission.submit", "提交"),
        Event("submission.confirm", "单位负责人确认并提交"),
        Event("submission.send_back", "单位负责人退回填报人", "bad"),
        Event("submission.withdraw", "撤回", "bad"),
        Event("submission.approve", "审核通过并发布", "ok"),
        Event("submission.return_for_correction", "退回", "bad"),
        Event("figure.return", "退回此项", "bad"),
        Event("note.return", "退回此份进展说明", "bad"),
        Event("figure.publish", "发布", "ok"),
        Event("figure.withdraw", "撤销发布", "bad"),
        Event("submission.withdraw_approval", "撤销通过", "bad"),
        Event("correction.ask", "申请更正", "fix"),
        Event("correction.agree", "同意更正申请", "fix"),
        Event("correction.refuse", "不同意更正申请", "bad"),
        Event("correction.complete", "更正完成", "ok"),
        Event("correction.resume", "通过已撤销，更正继续", "fix"),
        Event("assignment.begin", "审核分工", "plain-step"),
        Event("assignment.end", "结束审核分工", "plain-step"),
        Event("assignment.hand_over", "移交审核分工", "plain-step"),
        Event("submission.reopen", "同意更正，重新开放填报", "fix"),
    )
